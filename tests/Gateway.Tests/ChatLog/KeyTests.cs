using System.Globalization;
using System.Text.Encodings.Web;
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

    [Theory]
    [InlineData("\\n{0}")]
    [InlineData("\\t{0}\\n")]
    [InlineData("\\\\n{0}")]
    [InlineData("\\u003c{0}\\u003e")]
    [InlineData("\\\\u003C{0}")]
    [InlineData("authorization: bearer 0123456789abcdefazure\\n{0}")]
    [InlineData("\\nBEARER 0123456789abcdefazure {0}")]
    [InlineData("Bearer 01234567\\/89abcdefa\\u002bzure\\\\u003D {0}")]
    public async Task Key_BehindAnEscape_IsMasked(string text)
    {
        var content = string.Format(CultureInfo.InvariantCulture, text, Stranger);
        await using var rig = await ChatLogRig.StartAsync(("ChatLog:MaxBodyBytes", "1KB"));

        foreach (var end in new[] { "\"}", "\"", new string('.', 5000) + "\"}" })
        {
            await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, "{\"model\":\"m\",\"input\":\"" + content + end), MeteredRig.Answer("{}"));
        }

        await rig.LinesAsync(3);
        Assert.All([Stranger, "cdefazure", "zure"], key => Assert.DoesNotContain(key, rig.Text(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Word_ThatEndsLikeAKey_Stays()
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, "a\\nrisk-assessment and a\\ttask-force-2026"), MeteredRig.Answer("{}"));

        Assert.Equal("a\\nrisk-assessment and a\\ttask-force-2026", (await rig.LineAsync()).GetProperty("request").GetString());
    }

    [Fact]
    public async Task Key_InJsonInsideOfJson_IsMasked()
    {
        await using var rig = await ChatLogRig.StartAsync(("ChatLog:MaxBodyBytes", "4KB"), ("Access:Keys", Odd));
        foreach (var json in new[] { new JsonSerializerOptions(), new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping } })
        {
            var arguments = JsonSerializer.Serialize(new { header = $"line\n{Stranger}", password = Odd }, json);
            var call = JsonSerializer.Serialize(new { arguments }, json);
            var body = JsonSerializer.Serialize(new { model = "m", messages = new { call } }, json);
            await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, body, $"Authorization: Bearer {Odd}"), MeteredRig.Answer("{}"));
            await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, body[..^1], $"Authorization: Bearer {Keys.Caller}"), MeteredRig.Answer("{}"));
        }

        await rig.LinesAsync(4);
        Assert.All([Stranger, "without-a-prefix"], key => Assert.DoesNotContain(key, rig.Text(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task CallersOwnKey_InJsonThatIsNotParsed_IsMasked()
    {
        const string own = "azure+key/with=odd-characters";
        var php = own.Replace("/", "\\/", StringComparison.Ordinal);
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, $"{{\"key\":\"{JsonEncodedText.Encode(own)}\",\"php\":\"{php}\"", $"Authorization: Bearer {own}"),
            MeteredRig.Answer("{}"));

        Assert.Equal("{\"key\":\"***\",\"php\":\"***\"", (await rig.LineAsync()).GetProperty("request").GetString());
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
