using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Contracts;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>Whoever makes names up gets no rows of their own, whatever becomes of the calls.</summary>
public sealed class NameTests
{
    private const string Key = "Authorization: Bearer " + Keys.Access;
    private const string Own = "Authorization: Bearer " + Keys.Caller;

    [Theory]
    [InlineData("400 Bad Request")]
    [InlineData("403 Forbidden")]
    [InlineData("404 Not Found")]
    [InlineData("429 Too Many Requests")]
    [InlineData("500 Internal Server Error")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("200 OK")]
    public async Task Model_ThatNoAnswerProved_HasNoNameOfItsOwn(string status)
    {
        await using var rig = await StartAsync();

        await CallAsync(rig, "made-up", "{\"error\":{\"message\":\"no such model\"}}", status);
        await CallAsync(rig, "gpt-4o-mini", "{\"error\":{\"message\":\"no\"}}", status);

        var records = await rig.Journal.WaitAsync(2);
        Assert.Equal([UsageDimensions.Other, "gpt-4o-mini"], records.Select(r => r.RequestedModel));
        Assert.All(records, r => Assert.DoesNotContain("made-up", System.Text.Json.JsonSerializer.Serialize(r), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET /v1/responses/resp_1?model=made-up", "")]
    [InlineData("GET /openai/deployments/made-up/files", "{}")]
    [InlineData("POST /openai/deployments/made-up/moderations", "{}")]
    public async Task Model_OfACallThatMakesNothing_IsNotProved(string target, string body)
    {
        await using var rig = await StartAsync();

        await rig.ExchangeAsync(
            MeteredRig.Post(target, body, Key),
            MeteredRig.Answer("""{"id":"resp_1","object":"response","status":"completed","model":"gpt-5","usage":{"input_tokens":3,"output_tokens":4}}"""));

        Assert.Equal(UsageDimensions.Other, (await rig.RecordAsync()).RequestedModel);
    }

    [Fact]
    public async Task Model_ThatAnAnswerProved_KeepsItsNameWhateverComesNext()
    {
        await using var rig = await StartAsync();

        await CallAsync(rig, "my-llama", Good("my-llama-3"));
        await CallAsync(rig, "my-llama", "{}", "500 Internal Server Error");
        await CallAsync(rig, "my-llama", "{}", "500 Internal Server Error", Own);

        var records = await rig.Journal.WaitAsync(3);
        Assert.Equal(["my-llama", "my-llama", UsageDimensions.Other], records.Select(r => r.RequestedModel));
        Assert.Equal("my-llama-3", records[0].Lines[0].Model);
    }

    [Fact]
    public async Task Model_OfAStreamThatFailsAfterItSaidSomething_IsProved()
    {
        await using var rig = await StartAsync();

        await rig.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, """{"model":"my-llama","stream":true}""", Key),
            MeteredRig.Chunked("data: {\"model\":\"my-llama\",\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"error\":{}}\n\n"));

        var record = await rig.RecordAsync();
        Assert.Equal(("my-llama", "my-llama", true), (record.RequestedModel, record.Lines[0].Model, record.IsError));
    }

    [Fact]
    public async Task Models_BeyondTheDaysLimit_ShareAName_UntilTheNextDay()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
        await using var rig = await MeteredRig.StartAsync(time, ("Access:Keys", Keys.Access), ("Metering:NewNamesPerDay", "2"));

        foreach (var model in new[] { "one", "two", "three", "gpt-4o-mini", "one" })
        {
            await CallAsync(rig, model, Good(model));
        }

        await CallAsync(rig, "three", Good("three"), header: Own);
        time.Advance(TimeSpan.FromHours(12));
        await CallAsync(rig, "three", Good("three"));
        await CallAsync(rig, "one", "{}", "404 Not Found");
        time.Advance(TimeSpan.FromDays(2));
        await CallAsync(rig, "one", "{}", "404 Not Found");

        var records = await rig.Journal.WaitAsync(9);
        Assert.Equal(
            ["one", "two", "(other)", "gpt-4o-mini", "one", "three", "three", "one", "(other)"], records.Select(r => r.RequestedModel));
        Assert.Equal("(other)", records[2].Lines[0].Model);
        Assert.Equal(10, records[2].Lines[0].Counts.Input);
    }

    [Fact]
    public async Task Names_OfTiersAndSizes_CountTowardsTheLimit()
    {
        await using var rig = await MeteredRig.StartAsync(("Access:Keys", Keys.Access), ("Metering:NewNamesPerDay", "1"));

        await CallAsync(rig, "gpt-4o-mini", Good("gpt-4o-mini", "on_demand"));
        await CallAsync(rig, "gpt-4o-mini", Good("gpt-4o-mini", "made-up"));
        await CallAsync(rig, "gpt-4o-mini", Good("gpt-4o-mini", "flex"));
        await rig.ExchangeAsync(
            MeteredRig.Post("POST /v1/images/generations", """{"model":"dall-e-3","size":"7x7","quality":"made-up"}""", Key), MeteredRig.Answer("""{"data":[{}]}"""));
        await rig.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, """{"model":"gpt-4o-search-preview","web_search_options":{"search_context_size":"made-up"}}""", Key),
            MeteredRig.Answer(Good("gpt-4o-search-preview")));
        await rig.ExchangeAsync(
            MeteredRig.Post("POST /v1/containers", "{}", Key), MeteredRig.Answer("""{"id":"cntr_1","object":"container","memory_limit":"32g"}"""));

        var records = await rig.Journal.WaitAsync(6);
        Assert.Equal(["on_demand", "(other)", "flex"], records.Take(3).Select(r => r.Lines[0].Tier));
        Assert.Equal(["image:(other)", "search:(other)", "tool:code_interpreter:(other)"], records.Skip(3).Select(r => r.Lines[^1].Unit));
    }

    [Theory]
    [InlineData("403 Forbidden")]
    [InlineData("404 Not Found")]
    [InlineData("429 Too Many Requests")]
    [InlineData("503 Service Unavailable")]
    public async Task Key_ThatNoAnswerProved_IsNobodys(string status)
    {
        await using var rig = await StartAsync();

        await CallAsync(rig, "gpt-4o-mini", "{}", status, Own);

        Assert.Equal(UsageDimensions.Anonymous, (await rig.RecordAsync()).Key);
    }

    [Fact]
    public async Task Key_ThatAsksForNothingThatCosts_IsNobodys()
    {
        await using var rig = await StartAsync();

        await rig.ExchangeAsync(Rig.Request("GET /v1/files/file-1", Own), MeteredRig.Answer("{}"));

        Assert.Equal(UsageDimensions.Anonymous, (await rig.RecordAsync()).Key);
    }

    [Fact]
    public async Task Key_WhoseUpstreamIsAway_OrNeverAnswers_IsNobodys()
    {
        var journal = new TestJournal();
        await using var gateway = await MeteredRig.StartGatewayAsync(new Uri("http://127.0.0.1:1"), journal);
        await using (var client = await gateway.ConnectAsync())
        {
            await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, """{"model":"made-up"}""", Own));
            Assert.Equal(502, (await client.ReadMessageAsync()).Head.Status);
        }

        await using var rig = await StartAsync();
        await using var leaver = await rig.Gateway.ConnectAsync();
        await leaver.SendAsync(MeteredRig.Post(MeteredRig.Chat, """{"model":"made-up"}""", Own));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        leaver.Reset();
        await connection.WaitForEndAsync();

        Assert.All(
            [(await journal.WaitAsync(1))[0], await rig.RecordAsync()],
            r => Assert.Equal((UsageDimensions.Anonymous, UsageDimensions.Other), (r.Key, r.RequestedModel)));
    }

    [Fact]
    public async Task Key_ThatAnAnswerProved_IsItsOwnersWhateverComesNext()
    {
        await using var rig = await MeteredRig.StartAsync(("Metering:NewKeysPerDay", "1"));
        const string another = "Authorization: Bearer sk-another";

        await CallAsync(rig, "gpt-4o-mini", Good("gpt-4o-mini"), header: Own);
        await CallAsync(rig, "gpt-4o-mini", "{}", "500 Internal Server Error", Own);
        await rig.ExchangeAsync(Rig.Request("GET /v1/files/file-1", Own), MeteredRig.Answer("{}"));
        await CallAsync(rig, "gpt-4o-mini", Good("gpt-4o-mini"), header: another);

        var own = KeyId.Of(Keys.Caller).Value;
        Assert.Equal([own, own, own, UsageDimensions.Anonymous], (await rig.Journal.WaitAsync(4)).Select(r => r.Key));
    }

    [Fact]
    public async Task Models_OfCallsThatNobodyAnswered_AreTenAtMost()
    {
        await using var rig = await StartAsync();
        for (var i = 1; i <= 15; i++)
        {
            await using var client = await rig.Gateway.ConnectAsync();
            await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, $$"""{"model":"made-up-{{i}}"}""", Key));
            await using var connection = await rig.Upstream.AcceptAsync();
            await connection.ReadMessageAsync();
            client.Reset();
            await connection.WaitForEndAsync();
            await rig.Journal.WaitAsync(i);
        }

        await CallAsync(rig, "one-more", Good("one-more"));

        var models = (await rig.Journal.WaitAsync(16)).Select(r => r.RequestedModel).ToList();
        Assert.Equal([.. Enumerable.Range(1, 10).Select(i => $"made-up-{i}"), .. Enumerable.Repeat(UsageDimensions.Other, 5), "one-more"], models);
    }

    [Theory]
    [InlineData(Own, UsageDimensions.Anonymous, UsageDimensions.Other)]
    [InlineData(Key, null, "made-up")]
    public async Task Call_UnderWay_NamesNoStranger(string header, string? key, string model)
    {
        await using var rig = await StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, """{"model":"made-up"}""", header));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();

        var start = Assert.Single(rig.Journal.Starts);

        Assert.Equal((key ?? KeyId.Of(Keys.Access).Value, model), (start.Key, start.RequestedModel));
    }

    [Fact]
    public async Task Key_OfTheOperators_IsItsOwnAlways()
    {
        await using var rig = await StartAsync();

        await CallAsync(rig, "gpt-4o-mini", "{}", "404 Not Found");

        Assert.Equal(KeyId.Of(Keys.Access).Value, (await rig.RecordAsync()).Key);
    }

    [Fact]
    public async Task Calls_WithThousandsOfInventedNames_AreAHandfulOfRows()
    {
        const int calls = 3000;
        var journal = new TestJournal();
        await using var upstream = await AppUpstream.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = context.Request.Headers.Authorization.ToString().EndsWith("odd", StringComparison.Ordinal) ? 403 : 404;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"error\":{\"code\":\"model_not_found\"}}");
        });
        await using var gateway = await MeteredRig.StartGatewayAsync(upstream.Address, journal);

        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, token) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, i % 3 == 0 ? $"/openai/deployments/made-up-{i}/chat/completions" : "/v1/chat/completions")
            {
                Content = new StringContent($$"""{"model":"made-up-{{i}}"}""", Encoding.UTF8, "application/json"),
            };
            if (i % 2 == 0)
            {
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer sk-{i}-{(i % 4 == 0 ? "odd" : "even")}");
            }

            using var answer = await gateway.Client.SendAsync(request, token);
            Assert.InRange((int)answer.StatusCode, 403, 404);
        });

        var batch = new BatchBuilder();
        foreach (var record in await journal.WaitAsync(calls))
        {
            batch.Add(record);
        }

        var rows = batch.Build(Guid.Empty).Rows;
        Assert.Equal(calls, rows.Sum(r => r.Counts.Requests));
        // One, or two where an hour ends meanwhile.
        Assert.InRange(rows.Count, 1, 2);
    }

    [Fact]
    public async Task Models_InventedInASession_HaveNoNamesOfTheirOwn()
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await AppUpstream.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[4096];
            for (var i = 0; i < 5; i++)
            {
                await socket.ReceiveAsync(buffer, CancellationToken.None).Guarded();
                var error = """{"type":"error","error":{"code":"model_not_found"}}"""u8.ToArray();
                await socket.SendAsync(error, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Guarded();
            }

            await over.Task;
        });
        var journal = new TestJournal();
        await using var gateway = await MeteredRig.StartGatewayAsync(upstream.Address, journal);
        using var client = new ClientWebSocket();
        client.Options.SetRequestHeader("Authorization", "Bearer " + Keys.Caller);
        await client.ConnectAsync(gateway.WebSocketAddress("/v1/responses?model=made-up"), CancellationToken.None).Guarded();
        for (var i = 0; i < 5; i++)
        {
            var create = Encoding.UTF8.GetBytes($$"""{"type":"response.create","model":"made-up-{{i}}"}""");
            await client.SendAsync(create, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Guarded();
            await client.ReceiveAsync(new byte[4096], CancellationToken.None).Guarded();
        }

        client.Abort();
        over.SetResult();

        foreach (var record in await journal.WaitAsync(6))
        {
            Assert.Equal((UsageDimensions.Anonymous, UsageDimensions.Other), (record.Key, record.RequestedModel));
            Assert.All(record.Lines, l => Assert.True(l.Model is "" or UsageDimensions.Other, l.Model));
        }
    }

    private static Task<MeteredRig> StartAsync() => MeteredRig.StartAsync(("Access:Keys", Keys.Access));

    private static string Good(string model, string tier = "default")
        => $$"""{"model":"{{model}}","service_tier":"{{tier}}","choices":[{"message":{"content":"a"} }],"usage":{"completion_tokens":3,"prompt_tokens":10} }""";

    private static async Task CallAsync(MeteredRig rig, string model, string answer, string status = "200 OK", string header = Key)
        => await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, $$"""{"model":"{{model}}"}""", header), MeteredRig.Answer(answer, status: status));
}
