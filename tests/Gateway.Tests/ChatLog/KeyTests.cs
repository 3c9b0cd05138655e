using System.Text.Json;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>No key is written down, wherever it stood.</summary>
public sealed class KeyTests
{
    private const string Odd = "pass\\word-\"without-a-prefix";
    private const string Stranger = "sk-proj-somebody-elses-T3BlbkFJ";

    [Fact]
    public async Task Keys_InBodiesHeadersPathsAndErrors_AreMasked()
    {
        await using var rig = await ChatLogRig.StartAsync(("Access:Keys", $"{Keys.Access} {Odd}"));
        string[] keys = [Keys.Operator, Keys.Access, Odd, Keys.Caller, Stranger, Keys.UnknownAccess, "sess-0123456789abcdef"];
        var messages = keys.Select(key => new { role = "user", content = $"my key is {key}." });
        var body = JsonSerializer.Serialize(new { model = $"m-{Stranger}", messages });
        var error = JsonSerializer.Serialize(new { error = new { message = $"Incorrect API key provided: {Keys.Operator}. {Odd}" } });

        foreach (var key in new[] { Keys.Access, Keys.Caller })
        {
            await rig.Metered.ExchangeAsync(
                MeteredRig.Post($"{MeteredRig.Chat}?key={Stranger}", body, $"Authorization: Bearer {key}"),
                MeteredRig.Answer(error, status: "401 Unauthorized"));
        }

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post("POST /openai/deployments/" + Stranger + "/chat/completions", "my key is " + Keys.Access, $"Authorization: Bearer {Keys.Access}"),
            MeteredRig.Answer(error, "text/plain"));
        var lines = await rig.LinesAsync(3);

        Assert.All([.. keys, "operatorsecret", "accesssecret", "callersecret", "unknownsecret", "without-a-prefix"],
            key => Assert.DoesNotContain(key, rig.Text().Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Equal("my key is ***.", lines[0].GetProperty("request").GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal("my key is ***", lines[2].GetProperty("request").GetString());
    }

    [Theory]
    [InlineData("api-key: ")]
    [InlineData("x-api-key: ")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization: bearer ")]
    public async Task CallersOwnKey_WithoutAPrefix_IsMasked(string header)
    {
        const string own = "0123456789abcdefazure";
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, "{\"model\":\"" + own + "\"}", header + own), MeteredRig.Answer("{}"));

        Assert.Equal("***", (await rig.LineAsync()).GetProperty("model").GetString());
        Assert.DoesNotContain(own, rig.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_InPiecesOfAStream_IsMasked()
    {
        var chunks = Keys.Operator.Chunk(5).Select(piece => "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + new string(piece) + "\"}}]}\n\n");
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, """{"model":"m","stream":true}"""), MeteredRig.Chunked(string.Concat(chunks) + "data: [DONE]\n\n"));

        Assert.Contains("\"content\":\"***\"", (await rig.LineAsync()).GetProperty("answer").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1015)]
    [InlineData(1022)]
    public async Task Key_WhereABodyIsCut_LeavesNoHalf(int at)
    {
        await using var rig = await ChatLogRig.StartAsync(("ChatLog:MaxBodyBytes", "1KB"), ("Access:Keys", Odd));
        foreach (var key in new[] { Keys.Operator, Odd })
        {
            await rig.Metered.ExchangeAsync(
                MeteredRig.Post(MeteredRig.Chat, new string('.', at) + key + new string('.', 2000), $"Authorization: Bearer {Odd}"), MeteredRig.Answer("{}"));
        }

        Assert.All(await rig.LinesAsync(2), line => Assert.Empty(line.GetProperty("request").GetString()!.Trim('.').Trim('*')));
    }
}
