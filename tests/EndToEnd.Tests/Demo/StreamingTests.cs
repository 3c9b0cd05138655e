using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Demo;

/// <summary>A streaming chat as people look at one first: <c>curl -N</c>.</summary>
public sealed class StreamingTests(DemoApp demo)
{
    private const int Chunks = 30;
    private const int FewestReads = 8;
    private const int MostTries = 10;

    [Fact]
    public async Task CurlOfAStream_ThatUpstreamHoldsOpen_ShowsWhatHasComeSoFar()
    {
        // Half of the events, then silence for as long as the client stays: whatever is seen has come before the end.
        await using var curl = Chat("-H 'x-sim-fault: hang' -H 'x-sim-chunks: 8'");
        Assert.True(await curl.StandardOutput.WaitAsync(text => CountContents(text) >= 4, curl.Exited).Guarded(), curl.Text);
        Assert.False(curl.Exited.IsCompleted);
        Assert.DoesNotContain("[DONE]", curl.StandardOutput.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CurlOfAStream_ThatUpstreamPaces_ShowsItPieceByPiece()
    {
        // One read an event on an idle machine; a busy one lets some pile up, but not time and again.
        var reads = 0;
        for (var left = MostTries; reads < FewestReads && left > 0; left--)
        {
            await using var curl = Chat($"-H 'x-sim-chunk-ms: 50' -H 'x-sim-chunks: {Chunks}'");
            var (exitCode, output, error) = await curl.EndAsync();

            Assert.True(exitCode == 0, error);
            Assert.EndsWith("data: [DONE]\n\n", output, StringComparison.Ordinal);
            Assert.True(CountContents(output) >= Chunks, output);
            reads = curl.StandardOutput.Reads.Count;
        }

        Assert.True(reads >= FewestReads, $"Came in {reads} reads.");
    }

    private static int CountContents(string text) => text.Split("\"content\":\"").Length - 1;

    private RunningCommand Chat(string options) => RunningCommand.Shell(
        $$"""exec curl -sSN {{demo.BaseUrl}}/chat/completions {{options}} -H 'Content-Type: application/json' -d '{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'""");
}
