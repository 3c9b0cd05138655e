using System.Text.Json;
using System.Text.RegularExpressions;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>What the README shows of the demo is what the demo shows.</summary>
public sealed partial class DemoOutputTests(DemoApp demo)
{
    private const string Readme = "README.md";

    [Fact]
    public void Banner_InTheReadme_IsTheDemos()
    {
        var shown = BannerOfTheReadme();

        Assert.Equal(Masked(demo.Banner), Masked(shown));
        Assert.Equal("http://localhost:8000/", shown.Address.ToString());
        // What is to be pasted stands below as commands, which are run.
        Assert.All([shown.Curl, shown.BillingCurl], line => Assert.Contains(new Document(Readme).Blocks, b => b.IsForAShell && b.Commands.Contains(line)));
    }

    [Fact]
    public async Task Stream_InTheReadme_IsOfTheDemosForm()
    {
        var shown = Events(AnswerTo(BannerOfTheReadme().Curl));
        var forms = Events((await RunningCommand.RunAsync("bash", ["-c", demo.Banner.Curl])).Output).ToHashSet();

        Assert.Equal("[DONE]", shown[^1]);
        Assert.All(shown, form => Assert.Contains(form, forms));
    }

    [Fact]
    public async Task CreditGrants_InTheReadme_AreOfTheDemosForm()
    {
        var (_, output, error) = await RunningCommand.RunAsync("bash", ["-c", demo.Banner.BillingCurl]);

        Assert.True(output.Length > 0, error);
        Assert.Equal(Names(output), Names(AnswerTo(BannerOfTheReadme().BillingCurl)));
    }

    private static Banner BannerOfTheReadme()
        => Assert.Single(new Document(Readme).Blocks.Where(block => block.Language == "text").Select(block => Banner.Find(block.Text)).OfType<Banner>());

    // The block below that of the command.
    private static string AnswerTo(string command)
        => new Document(Readme).Blocks.SkipWhile(block => !(block.IsForAShell && block.Commands.Contains(command))).ElementAt(1).Text;

    // Ports, tokens and folders are others each time; where Redis runs depends on the machine.
    private static string Masked(Banner banner)
    {
        Assert.StartsWith("Redis (", banner.Cache, StringComparison.Ordinal);
        return Number().Replace(
            Token().Replace((banner with { Cache = "" }).ToString().Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "(one of many)"), "(number)");
    }

    // What has no content but its end is told by its text; what the README leaves out is a line of its own.
    private static string[] Events(string stream)
        => [.. stream.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line != "…").Select(line => line["data: ".Length..])
            .Select(data => data.StartsWith('{') ? string.Join(' ', Names(data)) : data)];

    private static List<string> Names(string json) => [.. Names(JsonElement.Parse(json), "")];

    // An array is told by its first item: how many there are depends on what was used.
    private static IEnumerable<string> Names(JsonElement json, string path) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Names(member.Value, $"{path}.{member.Name}")),
        JsonValueKind.Array when json.GetArrayLength() > 0 => Names(json[0], path + "[]"),
        _ => [path],
    };

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=t=)\w+|(?<=all with )\w+|(?<=SQLite \()[^)]+")]
    private static partial Regex Token();
}
