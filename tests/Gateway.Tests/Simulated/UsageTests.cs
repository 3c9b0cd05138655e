using System.Text.Json;

namespace OpenAIProxy.Gateway.Tests.Simulated;

/// <summary>What the simulator tells of usage when it is asked to by headers.</summary>
public sealed class UsageTests(SimulatorRig rig) : IClassFixture<SimulatorRig>
{
    private const string Chat = """{"model":"gpt-5","messages":[]}""";
    private const string Response = """{"model":"gpt-5","input":"hi"}""";

    [Fact]
    public async Task Chat_WithUsageDetails_TellsThem()
    {
        var usage = (await rig.AskJsonAsync(
            "/v1/chat/completions", Chat,
            ("x-sim-cache-write-tokens", "5"), ("x-sim-audio-input-tokens", "6"), ("x-sim-audio-output-tokens", "4"))).GetProperty("usage");

        Assert.Equal(5, usage.GetProperty("prompt_tokens_details").GetProperty("cache_write_tokens").GetInt32());
        Assert.Equal(6, usage.GetProperty("prompt_tokens_details").GetProperty("audio_tokens").GetInt32());
        Assert.Equal(4, usage.GetProperty("completion_tokens_details").GetProperty("audio_tokens").GetInt32());
    }

    [Theory]
    [InlineData("/v1/chat/completions", Chat)]
    [InlineData("/v1/responses", Response)]
    public async Task Answer_WithModelAndTier_NamesThem(string path, string body)
    {
        var answer = await rig.AskJsonAsync(path, body, ("x-sim-model", "gpt-5"), ("x-sim-service-tier", "flex"));

        Assert.Equal("gpt-5", answer.GetProperty("model").GetString());
        Assert.Equal("flex", answer.GetProperty("service_tier").GetString());
        Assert.Equal("gpt-5-2025-08-07", (await rig.AskJsonAsync(path, body)).GetProperty("model").GetString());
    }

    [Fact]
    public async Task Response_WithTools_HasTheirCallsBeforeItsMessage()
    {
        (string, string) tools = ("x-sim-tools", "web_search:2,file_search:1");
        var whole = await rig.AskJsonAsync("/v1/responses", Response, tools);
        var (_, stream) = await rig.AskAsync("/v1/responses", """{"model":"gpt-5","input":"hi","stream":true}""", tools);
        var last = Events(stream)[^1].GetProperty("response");

        Assert.Equal(["web_search_call", "web_search_call", "file_search_call", "message"], Types(whole.GetProperty("output")));
        Assert.Equal(Types(whole.GetProperty("output")), Types(last.GetProperty("output")));
        Assert.Equal(Enumerable.Range(0, Events(stream).Count), Events(stream).Select(e => e.GetProperty("sequence_number").GetInt32()));
        Assert.Equal(3, Events(stream)
            .Count(e => e.GetProperty("type").ValueEquals("response.output_item.done") && !e.GetProperty("item").GetProperty("type").ValueEquals("message")));
    }

    [Theory]
    [InlineData("incomplete")]
    [InlineData("failed")]
    public async Task Response_ThatEndsBadly_SaysSoAndTellsItsUsage(string status)
    {
        (string, string) header = ("x-sim-response-status", status);
        var whole = await rig.AskJsonAsync("/v1/responses", Response, header);
        var (_, stream) = await rig.AskAsync("/v1/responses", """{"model":"gpt-5","input":"hi","stream":true}""", header);

        Assert.Equal(status, whole.GetProperty("status").GetString());
        Assert.Equal(28, whole.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal($"response.{status}", Events(stream)[^1].GetProperty("type").GetString());
        Assert.Equal(status == "failed", whole.GetProperty("error").ValueKind == JsonValueKind.Object);
    }

    [Fact]
    public async Task Response_InTheBackground_IsQueuedFirstAndTellsTheSameUsageWheneverAskedFor()
    {
        var queued = await rig.AskJsonAsync("/v1/responses", """{"model":"gpt-4.1","input":"hi","background":true}""");
        var path = $"/v1/responses/{queued.GetProperty("id").GetString()}";
        var working = await rig.AskJsonAsync(path, null, ("x-sim-response-status", "in_progress"));
        var first = await rig.AskJsonAsync(path, null);
        var second = await rig.AskJsonAsync(path, null);

        Assert.Equal("queued", queued.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, queued.GetProperty("usage").ValueKind);
        Assert.Equal(JsonValueKind.Null, working.GetProperty("usage").ValueKind);
        Assert.Equal("completed", first.GetProperty("status").GetString());
        Assert.Equal("gpt-4.1-2025-04-14", first.GetProperty("model").GetString());
        Assert.True(first.GetProperty("background").GetBoolean());
        Assert.Equal(first.GetProperty("usage").GetRawText(), second.GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task Batch_LookedAt_IsOverWithUsageAndModel()
    {
        var batch = await rig.AskJsonAsync("/v1/batches/batch_1", null, ("x-sim-prompt-tokens", "300"));

        Assert.Equal("completed", batch.GetProperty("status").GetString());
        Assert.Equal("gpt-5-2025-08-07", batch.GetProperty("model").GetString());
        Assert.Equal(300, batch.GetProperty("usage").GetProperty("input_tokens").GetInt32());
    }

    [Theory]
    [InlineData("json", "\"usage\":{\"type\":\"duration\",\"seconds\":75}")]
    [InlineData("verbose_json", "\"duration\":75.0")]
    [InlineData("srt", "--> 00:01:15,000")]
    [InlineData("vtt", "--> 00:01:15.000")]
    public async Task Transcription_InEveryFormat_LastsAsLongAsAsked(string format, string expected)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("whisper-1"), "model" }, { new StringContent(format), "response_format" },
            { new ByteArrayContent(new byte[100]), "file", "a.wav" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form };
        request.Headers.Add("x-sim-seconds", "75");
        using var answer = await rig.Client.SendAsync(request);

        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LookedAt_IsOverWithUsage()
    {
        var run = await rig.AskJsonAsync("/v1/threads/runs", "{}");
        var over = await rig.AskJsonAsync($"/v1/threads/thread_1/runs/{run.GetProperty("id").GetString()}", null);

        Assert.Equal(JsonValueKind.Null, run.GetProperty("usage").ValueKind);
        Assert.Equal(28, over.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Theory]
    [InlineData("x-sim-tools", "web_search")]
    [InlineData("x-sim-tools", "unknown:1")]
    [InlineData("x-sim-tools", "web_search:1001")]
    [InlineData("x-sim-response-status", "done")]
    [InlineData("x-sim-cache-write-tokens", "-1")]
    [InlineData("x-sim-seconds", "1.5")]
    [InlineData("x-sim-tagg", "a")]
    public async Task Header_ThatCannotBeUsed_IsRefused(string header, string value)
    {
        var (status, text) = await rig.AskAsync("/v1/responses", Response, (header, value));

        Assert.Equal(400, status);
        Assert.Contains(header, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ThatShouldEndAsNoStreamDoes_IsRefused()
        => Assert.Equal(400, (await rig.AskAsync("/v1/responses", """{"model":"gpt-5","input":"hi","stream":true}""", ("x-sim-response-status", "queued"))).Status);

    private static List<JsonElement> Events(string stream)
        => [.. stream.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line[6..]))];

    private static IEnumerable<string?> Types(JsonElement output) => output.EnumerateArray().Select(item => item.GetProperty("type").GetString());
}
