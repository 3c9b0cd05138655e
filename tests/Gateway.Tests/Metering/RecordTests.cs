using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Metering;
using OpenAIProxy.Usage;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>Whatever becomes of a call, it is in the journal once, and says whose it was and how it ended.</summary>
public sealed class RecordTests
{
    private const string Body = """{"model":"gpt-4o-mini","service_tier":"priority","messages":[{"role":"user","content":"twenty characters ..twenty characters .."}]}""";
    private const string Good = """{"id":"chatcmpl-1","model":"gpt-4o-mini-2024-07-18","choices":[{"message":{"content":"hi"}}],"usage":{"prompt_tokens":20,"completion_tokens":5}}""";
    private const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Word = "data: {\"model\":\"gpt-4o-mini\",\"choices\":[{\"delta\":{\"content\":\"hello\"}}]}\n\n";

    [Fact]
    public async Task Answer_OfJson_IsRecordedWithItsTokens()
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body), MeteredRig.Answer(Good));

        var record = await rig.RecordAsync();
        var line = Assert.Single(record.Lines);
        Assert.Equal(("chat", "gpt-4o-mini", 200, false, false), (record.Endpoint, record.RequestedModel, record.Status, record.IsError, record.IsCut));
        Assert.Equal(("gpt-4o-mini-2024-07-18", UsageUnit.Tokens, false), (line.Model, line.Unit, line.Estimated));
        Assert.Equal(new UsageCounts { Requests = 1, Input = 20, Output = 5 }, line.Counts);
        Assert.Equal(7, record.Id.Version);
        Assert.InRange(record.FirstToken, 0, record.Duration);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - record.Started, 0, 60_000);
    }

    [Fact]
    public async Task FirstToken_OfAStreamThatThinksBeforeItSpeaks_IsWhenItSpeaks()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post("POST /v1/responses", """{"model":"gpt-5","input":"hi","stream":true}"""));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await connection.SendChunkAsync("""data: {"type":"response.created","response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-5"}}""" + "\n\n");
        var head = await client.ReadHeadAsync();
        await client.ReadChunkAsync();
        var thinking = Stopwatch.StartNew();
        await Task.Delay(500);
        thinking.Stop();
        await connection.SendChunkAsync("""data: {"type":"response.output_text.delta","delta":"Yes"}""" + "\n\n");
        await connection.SendChunkAsync(
            """data: {"type":"response.completed","response":{"id":"resp_1","object":"response","status":"completed","model":"gpt-5","usage":{"input_tokens":3,"output_tokens":4}}}""" + "\n\n");
        await connection.SendChunkAsync("");
        await client.ReadBodyAsync(head);

        var record = await rig.RecordAsync();
        Assert.InRange(record.FirstToken, (int)thinking.ElapsedMilliseconds, record.Duration);
    }

    [Theory]
    [InlineData("Authorization: Bearer " + Keys.Access, Keys.Access)]
    [InlineData("Authorization: Bearer " + Keys.Caller, Keys.Caller)]
    [InlineData("api-key: " + Keys.Caller, Keys.Caller)]
    [InlineData("X-Nothing: 1", null)]
    public async Task Record_SaysWhoseItIs_WithoutTheKey(string header, string? key)
    {
        await using var rig = await MeteredRig.StartAsync(key == Keys.Access ? [("Access:Keys", Keys.Access)] : []);

        await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body, header), MeteredRig.Answer(Good));

        var record = await rig.RecordAsync();
        Assert.Equal(key is null ? UsageDimensions.Anonymous : KeyId.Of(key).Value, record.Key);
        var text = System.Text.Json.JsonSerializer.Serialize(record);
        Assert.DoesNotContain("T3BlbkFJ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WhileItRuns_IsOpenWithWhatItMayCost()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();

        var start = Assert.Single(rig.Journal.Starts);

        Assert.Equal(("chat", "gpt-4o-mini"), (start.Endpoint, start.RequestedModel));
        Assert.InRange(start.InputEstimate, 10, 15);
    }

    // What is looked at, or made in the background, is counted by whoever sees its end.
    [Theory]
    [InlineData("POST /v1/responses", "true", true)]
    [InlineData("POST /v1/responses", "false", false)]
    [InlineData("GET /v1/responses/resp_1", "false", true)]
    [InlineData(MeteredRig.Chat, "true", false)]
    public async Task Call_WhileItRuns_IsFreeIfAnotherCountsIt(string target, string background, bool isFree)
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(target, $$"""{"model":"gpt-5","background":{{background}},"input":"x"}"""));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();

        Assert.Equal(isFree, Assert.Single(rig.Journal.Starts).IsFree);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Answer_OfAnError_CostsNothing(int status)
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body), MeteredRig.Answer("{\"error\":{}}", status: $"{status} X"));

        AssertFailed(await rig.RecordAsync(), status);
    }

    [Theory]
    [InlineData("GET", "false", UsageUnit.Free, null)]
    [InlineData("GET", "true", UsageUnit.Tokens, "resp_1")]
    [InlineData("POST", "false", UsageUnit.Tokens, null)]
    public async Task Response_ThatIsLookedAt_CountsOnlyIfItRanInTheBackground(string method, string background, string unit, string? once)
    {
        await using var rig = await MeteredRig.StartAsync();
        var answer = $$$"""{"id":"resp_1","object":"response","status":"completed","model":"gpt-5","background":{{{background}}},"output":[],"usage":{"input_tokens":3,"output_tokens":4}}""";

        await rig.ExchangeAsync(MeteredRig.Post(method == "GET" ? "GET /v1/responses/resp_1" : "POST /v1/responses", "{}"), MeteredRig.Answer(answer));

        var line = (await rig.RecordAsync()).Lines[^1];
        Assert.Equal((unit, once), (line.Unit, line.Once));
    }

    [Theory]
    [InlineData(Keys.Access, false)]
    [InlineData(Keys.Caller, true)]
    public async Task Response_InTheBackground_IsCountedOnceForAllOfTheOperatorsAccount(string key, bool isCallersOwn)
    {
        await using var rig = await MeteredRig.StartAsync(("Access:Keys", Keys.Access));
        const string answer = """{"id":"resp_1","object":"response","status":"completed","model":"gpt-5","background":true,"output":[],"usage":{"input_tokens":3,"output_tokens":4}}""";

        await rig.ExchangeAsync(Rig.Request("GET /v1/responses/resp_1", $"Authorization: Bearer {key}"), MeteredRig.Answer(answer));

        Assert.Equal(isCallersOwn ? $"{KeyId.Of(key).Value} resp_1" : "resp_1", (await rig.RecordAsync()).Lines[^1].Once);
    }

    [Theory]
    [InlineData("GET /v1/models", UsageUnit.Free)]
    [InlineData("POST /v1/moderations", UsageUnit.Free)]
    [InlineData("POST /v1/vector_stores", UsageUnit.Unmetered)]
    [InlineData("POST /v1/no/such/path", UsageUnit.Unmetered)]
    [InlineData("POST /v1/files/..%2fchat/completions", UsageUnit.Tokens)]
    [InlineData("GET /v1/files/a%2fb", UsageUnit.Unmetered)]
    [InlineData("HEAD /v1/files/file-1", UsageUnit.Free)]
    public async Task Call_WhoseAnswerTellsNoTokens_IsBookedByItsPath(string target, string unit)
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(MeteredRig.Post(target, "{}"), target.StartsWith("HEAD", StringComparison.Ordinal) ? "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n" : MeteredRig.Answer("{}"));

        var record = await rig.RecordAsync();
        Assert.Equal((unit, false, 1L), (record.Lines[0].Unit, record.IsCut, record.Lines[0].Counts.Requests));
    }

    [Theory]
    [InlineData("204 No Content")]
    [InlineData("304 Not Modified")]
    public async Task Answer_WithoutABody_IsRecorded(string status)
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(Rig.Request("DELETE /v1/responses/resp_1"), $"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n");

        Assert.False((await rig.RecordAsync()).IsCut);
    }

    [Fact]
    public async Task Upstream_ThatIsAway_IsAFailureThatCostsNothing()
    {
        var journal = new TestJournal();
        await using var gateway = await MeteredRig.StartGatewayAsync(new Uri("http://127.0.0.1:1"), journal);
        await using var client = await gateway.ConnectAsync();

        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));

        Assert.Equal(502, (await client.ReadMessageAsync()).Head.Status);
        AssertFailed((await journal.WaitAsync(1))[0], 502);
    }

    [Fact]
    public async Task Upstream_ThatResetsAfterItHadTheRequest_IsAFailureThatMayHaveCostWhatWasAsked()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        connection.Reset();

        Assert.Equal(502, (await client.ReadMessageAsync()).Head.Status);

        var record = await rig.RecordAsync();
        Assert.True(record.IsError);
        AssertCut(record, 502);
    }

    [Theory]
    [InlineData("GET /v1/threads/thread_1/runs/run_1")]
    [InlineData("GET /v1/responses/resp_1")]
    [InlineData("GET /v1/batches/batch_1")]
    public async Task Upstream_ThatResetsWhileALookIsTaken_CostsNothing(string target)
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(target));
        var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        connection.Reset();

        Assert.Equal(502, (await client.ReadMessageAsync()).Head.Status);

        var record = await rig.RecordAsync();
        Assert.Equal((true, true, UsageUnit.Free), (record.IsError, record.IsCut, record.Lines[0].Unit));
    }

    [Theory]
    [InlineData("200 OK", UsageUnit.Unmetered, false)]
    [InlineData("307 Temporary Redirect", UsageUnit.Free, false)]
    [InlineData("500 Internal Server Error", UsageUnit.Free, true)]
    public async Task Answer_InAnEncodingThatCantBeRead_IsUnmeteredIfItAnswersSomething(string status, string unit, bool isError)
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, Body),
            $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Encoding: x-unknown\r\nContent-Length: 4\r\nConnection: close\r\n\r\n????");

        var record = await rig.RecordAsync();
        Assert.Equal((unit, isError, false), (record.Lines[0].Unit, record.IsError, record.IsCut));
    }

    [Fact]
    public async Task Key_ThatUpstreamRefuses_IsNobodysAndNamesNoModel()
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, Body, "Authorization: Bearer " + Keys.Caller), MeteredRig.Answer("{\"error\":{}}", status: "401 Unauthorized"));

        var record = await rig.RecordAsync();
        Assert.Equal((UsageDimensions.Anonymous, "", true), (record.Key, record.RequestedModel, record.IsError));
    }

    [Fact]
    public async Task Stream_ThatFailsAfterItSaidSomething_IsEstimated()
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body), MeteredRig.Chunked(Word + "data: {\"error\":{\"message\":\"x\"}}\n\n"));

        var record = await rig.RecordAsync();
        Assert.True(record.IsError);
        Assert.Equal((UsageUnit.Tokens, true), (record.Lines[0].Unit, record.Lines[0].Estimated));
    }

    [Fact]
    public async Task Upstream_ThatIsSilent_IsAFailureThatMayHaveCostWhatWasAsked()
    {
        await using var rig = await MeteredRig.StartAsync(("Forwarding:FirstByteTimeout", "1s"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));

        Assert.Equal(504, (await client.ReadMessageAsync()).Head.Status);

        var record = await rig.RecordAsync();
        Assert.True(record.IsError);
        AssertCut(record, 504);
    }

    [Fact]
    public async Task Upstream_ThatBreaksOff_IsRecordedAsCutAndEstimated()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await connection.SendChunkAsync(Word);
        var head = await client.ReadHeadAsync();
        await client.ReadChunkAsync();
        await connection.DisposeAsync();

        Assert.NotEqual(RawEnd.Complete, (await client.ReadBodyAsync(head)).End);

        AssertCut(await rig.RecordAsync(), 200);
    }

    [Fact]
    public async Task Client_LeavingInMidStream_IsRecordedAsCutAndEstimated()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await connection.SendChunkAsync(Word);
        await client.ReadHeadAsync();
        await client.ReadChunkAsync();

        client.Reset();

        await connection.WaitForEndAsync();
        AssertCut(await rig.RecordAsync(), 200);
    }

    [Fact]
    public async Task Client_LeavingBeforeTheHead_IsRecordedAsCutWithItsInput()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();

        client.Reset();

        await connection.WaitForEndAsync();
        AssertCut(await rig.RecordAsync(), 0);
    }

    [Fact]
    public async Task Client_LeavingDuringItsUpload_CostsNothing()
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(MeteredRig.Chat, "Content-Length: 1000000") + Body);
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadHeadAsync();

        client.Reset();

        await connection.WaitForEndAsync();
        // Gone, or a body that ends too early: which of the two is seen first is the network's.
        var record = await rig.RecordAsync();
        Assert.True(record.IsCut || record.IsError);
        Assert.Equal(UsageUnit.Free, record.Lines[0].Unit);
    }

    [Fact]
    public async Task Record_IsWrittenBeforeTheLastByteLeaves()
    {
        await using var rig = await MeteredRig.StartAsync();
        for (var i = 1; i <= 20; i++)
        {
            await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Body), i % 2 == 0 ? MeteredRig.Answer(Good) : MeteredRig.Chunked(Good, ""));

            Assert.Equal(i, rig.Journal.Records.Count);
        }
    }

    [Fact]
    public async Task Progress_OfALongStream_IsNoted()
    {
        await using var rig = await MeteredRig.StartAsync();

        await rig.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, Body), MeteredRig.Chunked(string.Concat(Enumerable.Repeat(Word, 500)) + "data: [DONE]\n\n"));

        await rig.RecordAsync();
        Assert.True(rig.Journal.Progressed > 0);
    }

    [Theory]
    [InlineData(MeteredRig.Chat, 503)]
    [InlineData("POST /v1/vector_stores", 503)]
    [InlineData("GET /v1/models", 200)]
    public async Task Journal_RequiredAndNotWritable_RefusesWhatMayCost(string target, int status)
    {
        await using var rig = await MeteredRig.StartAsync(("Metering:RequireJournal", "true"));
        rig.Journal.IsWritable = false;
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(target, Body));
        var upstream = status == 200 ? rig.Upstream.AnswerAsync(Rig.Ok) : Task.FromResult<RawMessage>(null!);

        var answer = await client.ReadMessageAsync();

        await upstream;
        Assert.Equal(status, answer.Head.Status);
        if (status == 503)
        {
            Assert.Equal("journal_unavailable", ErrorObject.Parse(answer.Text).Code);
            Assert.False(rig.Upstream.HasCaller);
            Assert.Empty(rig.Journal.Records);
        }
    }

    [Fact]
    public async Task Calls_InParallel_AreAllRecorded()
    {
        var journal = new TestJournal();
        await using var upstream = await AppUpstream.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Good);
        });
        await using var gateway = await MeteredRig.StartGatewayAsync(upstream.Address, journal);

        await Parallel.ForAsync(0, 300, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, token) =>
        {
            using var content = new StringContent(Body, Encoding.UTF8, "application/json");
            using var answer = await gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), content, token);
            Assert.Equal(Good, await answer.Content.ReadAsStringAsync(token));
        });

        var records = await journal.WaitAsync(300);
        Assert.Equal(6000, records.Sum(r => r.Lines[0].Counts.Input));
        Assert.Equal(300, records.Select(r => r.Id).Distinct().Count());
    }

    [Fact]
    public async Task Metering_Off_HasNoMeterAtAll()
    {
        await using var rig = await Rig.StartAsync();

        Assert.Null(rig.Gateway.Services.GetService(typeof(CallMeters)));
    }

    private static void AssertFailed(UsageRecord record, int status)
    {
        Assert.Equal((status, true, false, UsageUnit.Free), (record.Status, record.IsError, record.IsCut, record.Lines[0].Unit));
        Assert.Equal(new UsageCounts { Requests = 1, Errors = 1 }, record.Lines[0].Counts);
        Assert.Equal(-1, record.FirstToken);
    }

    private static void AssertCut(UsageRecord record, int status)
    {
        Assert.Equal((status, true), (record.Status, record.IsCut));
        var line = record.Lines[0];
        Assert.Equal((UsageUnit.Tokens, true, 1L), (line.Unit, line.Estimated, line.Counts.Cut));
        // Only an answer says which tier it was.
        Assert.Equal(ServiceTier.Default, line.Tier);
        Assert.InRange(line.Counts.Input, 10, 15);
    }
}
