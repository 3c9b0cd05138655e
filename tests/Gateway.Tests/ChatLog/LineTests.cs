using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.ChatLog;
using OpenAIProxy.Gateway.Tests.Metering;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>What is written down of a call: HTTP in, a line out.</summary>
public sealed class LineTests
{
    private const string Question = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"What is the capital of Peru? 首都？"}]}""";
    private const string Answer = """{"id":"chatcmpl-1","model":"gpt-4o-mini-2024","choices":[{"index":0,"message":{"content":"Lima."}}],"usage":{"prompt_tokens":9,"completion_tokens":2}}""";

    [Fact]
    public async Task Chat_IsALineWithRequestAndAnswer()
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-30T08:10:11.120Z", CultureInfo.InvariantCulture));
        await using var rig = await ChatLogRig.StartAsync(time, ("Access:Keys", $"ann:{Keys.Access}"));

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat + "?api-version=1", Question, $"Authorization: Bearer {Keys.Access}"), MeteredRig.Answer(Answer));

        var line = await rig.LineAsync();
        Assert.Equal(
            ["time", "id", "key", "label", "method", "path", "model", "status", "duration_ms", "first_byte_ms", "stream", "end", "request", "answer"],
            line.EnumerateObject().Select(p => p.Name));
        Assert.Equal("2026-11-30T08:10:11.120Z", line.GetProperty("time").GetString());
        Assert.Equal((await rig.Metered.RecordAsync()).Id, line.GetProperty("id").GetGuid());
        Assert.Equal((KeyId.Of(Keys.Access).Value, "ann"), (line.GetProperty("key").GetString(), line.GetProperty("label").GetString()));
        Assert.Equal(("POST", "/v1/chat/completions"), (line.GetProperty("method").GetString(), line.GetProperty("path").GetString()));
        Assert.Equal(("gpt-4o-mini", 200), (line.GetProperty("model").GetString(), line.GetProperty("status").GetInt32()));
        Assert.Equal((0, 0), (line.GetProperty("duration_ms").GetInt32(), line.GetProperty("first_byte_ms").GetInt32()));
        Assert.Equal((false, "complete"), (line.GetProperty("stream").GetBoolean(), line.GetProperty("end").GetString()));
        Assert.Equal(Question, line.GetProperty("request").GetRawText());
        Assert.Equal(Answer, line.GetProperty("answer").GetRawText());
    }

    [Fact]
    public async Task Times_AreThoseOfFirstByteAndEnd()
    {
        var time = new FakeTimeProvider();
        await using var rig = await ChatLogRig.StartAsync(time);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Question));
        await using var upstream = await rig.Upstream.AcceptAsync();
        await upstream.ReadMessageAsync();
        time.Advance(TimeSpan.FromMilliseconds(300));
        await upstream.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n{ ");
        await client.ReadHeadAsync();
        await client.ReadExactlyAsync(2);
        time.Advance(TimeSpan.FromMilliseconds(200));

        await upstream.SendAsync(" }");

        var line = await rig.LineAsync();
        Assert.Equal((300, 500), (line.GetProperty("first_byte_ms").GetInt32(), line.GetProperty("duration_ms").GetInt32()));
    }

    [Fact]
    public async Task Gateway_WithoutBillingService_LogsTheSame()
    {
        var above = Directory.CreateTempSubdirectory("openaiproxy-chatlog-");
        await using (var rig = await Rig.StartAsync(("ChatLog:Directory", above.FullName)))
        {
            await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Question), MeteredRig.Answer(Answer));
        }

        // Stopping writes what waits.
        var line = JsonElement.Parse(File.ReadAllText(Assert.Single(Directory.GetFiles(above.FullName))));
        Assert.Equal((UsageDimensions.Anonymous, 7), (line.GetProperty("key").GetString(), line.GetProperty("id").GetGuid().Version));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("label").ValueKind);
        above.Delete(recursive: true);
    }

    [Fact]
    public async Task Off_WritesNothing()
    {
        var above = Directory.CreateTempSubdirectory("openaiproxy-chatlog-");
        await using var rig = await ChatLogRig.StartAsync(above, TimeProvider.System, ownsFolder: true, ("ChatLog:Enabled", "false"));

        await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Question), MeteredRig.Answer(Answer));
        await rig.Metered.RecordAsync();
        await rig.Gateway.StopAsync();

        Assert.False(Directory.Exists(rig.Folder));
        Assert.Empty(rig.Gateway.Logs.Find("chat log"));
        Assert.Null(rig.Gateway.Services.GetService(typeof(ChatLogQueue)));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("", false)]
    [InlineData("false", false)]
    public async Task LogChat_Alone_IsBesideTheJournal(string value, bool isOn)
    {
        var above = Directory.CreateTempSubdirectory("openaiproxy-chatlog-");
        await using (var rig = await Rig.StartAsync(("LOG_CHAT", value), ("Metering:JournalDirectory", Path.Combine(above.FullName, "journal"))))
        {
            await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Question), MeteredRig.Answer(Answer));
        }

        Assert.Equal(isOn ? 1 : 0, above.GetFiles("*.jsonl", SearchOption.AllDirectories).Length);
        Assert.Equal(isOn, Directory.Exists(Path.Combine(above.FullName, "chat")));
        above.Delete(recursive: true);
    }

    [Fact]
    public void LogChat_ThatIsNeither_StopsTheStart()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("LOG_CHAT", "maybe")));

        Assert.StartsWith("LOG_CHAT is 'maybe'; allowed: true or false", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SaysWhereItIs()
    {
        await using var rig = await ChatLogRig.StartAsync(("LOG_CHAT", "true"));

        Assert.Contains("The chat log is on", Assert.Single(rig.Gateway.Logs.Find(rig.Folder)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_OfTheUpstream_IsTheAnswer()
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, Question), MeteredRig.Answer("""{"error":{"message":"Too many."}}""", status: "429 Too Many Requests"));

        var line = await rig.LineAsync();
        Assert.Equal((429, "complete"), (line.GetProperty("status").GetInt32(), line.GetProperty("end").GetString()));
        Assert.Equal("Too many.", line.GetProperty("answer").GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Upstream_ThatGivesNoAnswer_IsALineWithTheStatusOfTheGateway()
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Question), "");

        var line = await rig.LineAsync();
        Assert.Equal((502, "upstream_broke"), (line.GetProperty("status").GetInt32(), line.GetProperty("end").GetString()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (line.GetProperty("answer").ValueKind, line.GetProperty("first_byte_ms").ValueKind));
        Assert.Equal(Question, line.GetProperty("request").GetRawText());
    }

    [Fact]
    public async Task Embeddings_AreLogged_AndWhatIsNoModelsAnswerIsNot()
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(Rig.Request("GET /v1/models"), MeteredRig.Answer("""{"data":[]}"""));
        await rig.Metered.ExchangeAsync(MeteredRig.Post("POST /v1/files", "{}"), MeteredRig.Answer("{}"));
        await rig.Metered.ExchangeAsync(
            MeteredRig.Post("POST /v1/embeddings", """{"model":"text-embedding-3-small","input":"x"}"""), MeteredRig.Answer("""{"data":[],"usage":{"prompt_tokens":1}}"""));

        Assert.Equal("/v1/embeddings", (await rig.LineAsync()).GetProperty("path").GetString());
    }

    [Fact]
    public async Task Form_IsLoggedBySizeAndTypeOnly()
    {
        const string form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\r\nSOUND\r\n--b--\r\n";
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post("POST /v1/audio/transcriptions", form, "Content-Type: multipart/form-data; boundary=b"), MeteredRig.Answer("""{"text":"hello"}"""));

        var line = await rig.LineAsync();
        Assert.Equal(JsonValueKind.Null, line.GetProperty("request").ValueKind);
        Assert.Equal($$"""{"content_type":"multipart/form-data","bytes":{{form.Length}}}""", line.GetProperty("request_left_out").GetRawText());
        Assert.Equal("""{"text":"hello"}""", line.GetProperty("answer").GetRawText());
        Assert.DoesNotContain("SOUND", rig.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sound_IsLoggedBySizeAndTypeOnly()
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post("POST /v1/audio/speech", """{"model":"tts-1","input":"hi","voice":"alloy"}"""), MeteredRig.Answer("SOUND", "audio/mpeg"));

        var line = await rig.LineAsync();
        Assert.Equal("""{"content_type":"audio/mpeg","bytes":5}""", line.GetProperty("answer_left_out").GetRawText());
        Assert.DoesNotContain("SOUND", rig.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Answer_ThatIsCompressed_IsReadable(string coding)
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Question, $"Accept-Encoding: {coding}"), Compressed(coding));

        Assert.Equal(Answer, (await rig.LineAsync()).GetProperty("answer").GetRawText());
    }

    [Fact]
    public async Task Answer_InAnEncodingThatNobodyKnows_IsLoggedBySizeAndTypeOnly()
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, Question), "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: rot13\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

        Assert.Equal(
            """{"content_type":"application/json","content_encoding":"rot13","bytes":2}""", (await rig.LineAsync()).GetProperty("answer_left_out").GetRawText());
    }

    [Theory]
    [InlineData("{\"model\":\"gpt-4o-mini\"")]
    [InlineData("no JSON\r\nat \"all\" \\")]
    [InlineData("{\"model\":\"\\ud800\"}")]
    public async Task Request_ThatIsNoJson_IsAText(string body)
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, body), MeteredRig.Answer(Answer));

        Assert.Equal(body, (await rig.LineAsync()).GetProperty("request").GetString());
    }

    [Fact]
    public async Task Bodies_BeyondTheLimit_AreCutAndMarked()
    {
        var question = Question.Replace("首都", new string('首', 2000), StringComparison.Ordinal);
        await using var rig = await ChatLogRig.StartAsync(("ChatLog:MaxBodyBytes", "1KB"));

        var (request, answer) = await rig.Metered.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, question), MeteredRig.Answer(Answer.Replace("Lima.", new string('x', 5000), StringComparison.Ordinal)));

        Assert.Equal((Encoding.UTF8.GetByteCount(question), 5000 + Answer.Length - 5), (request.Body.Length, answer.Body.Length));
        var line = await rig.LineAsync();
        var kept = line.GetProperty("request").GetString()!;
        Assert.True(line.GetProperty("request_truncated").GetBoolean() && line.GetProperty("answer_truncated").GetBoolean());
        Assert.StartsWith(kept, question, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(kept), 1000, 1024);
        Assert.InRange(line.GetProperty("answer").GetString()!.Length, 1000, 1024);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Body_ThatIsCutInACharacter_EndsBeforeIt(int at)
    {
        await using var rig = await ChatLogRig.StartAsync(("ChatLog:MaxBodyBytes", "1KB"));

        await rig.Metered.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, new string('.', at) + string.Concat(Enumerable.Repeat("😀", 1000))), MeteredRig.Answer("{}"));

        var kept = (await rig.LineAsync()).GetProperty("request").GetString()!;
        Assert.Empty(kept.Replace("😀", "", StringComparison.Ordinal).Trim('.'));
    }

    [Fact]
    public async Task WhatIsSaid_IsInNoLogAndNoTelemetry()
    {
        await using var rig = await ChatLogRig.StartAsync();

        await rig.Metered.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Question), MeteredRig.Answer(Answer));
        await rig.LineAsync();

        Assert.Empty(rig.Gateway.Logs.Find("Peru"));
        Assert.Empty(rig.Gateway.Logs.Find("Lima"));
    }

    private static string Compressed(string coding)
    {
        using var bytes = new MemoryStream();
        using (Stream compressor = coding == "br" ? new BrotliStream(bytes, CompressionLevel.Fastest) : new GZipStream(bytes, CompressionLevel.Fastest))
        {
            compressor.Write(Encoding.UTF8.GetBytes(Answer));
        }

        var body = bytes.ToArray();
        return $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: {coding}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"
            + Encoding.Latin1.GetString(body);
    }
}
