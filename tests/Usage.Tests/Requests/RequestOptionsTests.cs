using System.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Requests;
using OpenAIProxy.Usage.Tests.Answers;

namespace OpenAIProxy.Usage.Tests.Requests;

/// <summary>What is read of a request's options doesn't depend on how the body is cut.</summary>
public sealed class RequestOptionsTests
{
    private const string Body = """
        {"input":[{"tools":[{"type":"image_generation","model":"no"}]}],"model":"m",
         "tools":[{"type":"function","name":"x","parameters":{"tools":[{"type":"image_generation","model":"no"}],"s":"\"}]{["}},
                  {"model":"gpt-image-1","type":"image_generation"},{"type":"web_search_preview","filters":null},
                  {"type":"code_interpreter","container":{"type":"auto","memory_limit":"4g"}},
                  {"type":"shell","environment":{"memory_limit":"64g","type":"container_auto"}}],
         "prompt_cache_options":{"mode":"explicit","ttl":"12h"},"background":true,"background_options":{"completion_window":"8h"},"stream":true}
        """;

    [Fact]
    public void Options_CutAnywhere_AreFound()
    {
        var bytes = Encoding.UTF8.GetBytes(Body);
        foreach (var pieces in Cut.Ways(bytes))
        {
            var facts = new RequestFacts();
            var scan = new RequestScan(facts, ask: false, countInput: false, readTools: true);
            foreach (var piece in pieces)
            {
                scan.Scan(piece);
            }

            var options = facts.Options;
            Assert.Equal(
                ("gpt-image-1", "tool:web_search_preview", "tool:code_interpreter:4g", "tool:shell:64g", "8h", true),
                (options.ImageModel, options.SearchUnit, options.CodeInterpreterUnit, options.ShellUnit, options.Window, options.CachesFor12h));
            Assert.Equal((true, true, "m"), (facts.Background, facts.Stream, facts.Model));
        }
    }

    [Fact]
    public void Tools_ThatCostNothing_AreNotLookedInto()
    {
        var tools = string.Join(',', Enumerable.Repeat("""{"type":"function","name":"read","parameters":{"type":"object"}}""", 30));
        var bytes = Encoding.UTF8.GetBytes($$"""{"model":"m","tools":[{{tools}}],"input":"x"}""");
        void Scan() => new RequestScan(new RequestFacts(), ask: false, countInput: false, readTools: true).Scan(bytes);
        // The first time also makes what all scans share.
        Scan();

        Assert.InRange(Allocations.During(Scan), 0, 700);
    }
}
