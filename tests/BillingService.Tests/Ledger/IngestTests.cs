using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary><c>POST /internal/usage</c> as gateways use it, and as others must not.</summary>
public sealed class IngestTests : IAsyncLifetime
{
    private const string Token = "the-token-of-the-gateways";
    private const int MB = 1024 * 1024;

    private static readonly LedgerQuery All = new(null, ManualClock.Today.AddDays(-1), ManualClock.Today.AddDays(1), ByKey: true, ByEndpoint: true);

    private BillingRig _rig = null!;

    private UsageLedger Ledger => _rig.Billing.Services.GetRequiredService<UsageLedger>();

    public async ValueTask InitializeAsync() => _rig = await BillingRig.StartAsync(("Internal:Token", Token));

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Batch_OfAGateway_IsInTheLedgerWhenItIsAcknowledged()
    {
        var row = Rows.Of(3) with { Duration = new() { [12] = 3 }, FirstToken = new() { [7] = 3 } };
        var batch = Rows.Batch(row, Rows.Of(1, unit: "tool:web_search") with { Once = "resp_1" });

        var first = await PostAsync(batch);
        var again = await PostAsync(batch);

        Assert.Equal((HttpStatusCode.NoContent, ""), first);
        Assert.Equal((HttpStatusCode.NoContent, ""), again);
        var read = await Ledger.ReadAsync(All, default);
        Assert.Equal([3L, 1L], read.OrderBy(r => r.What.Unit, StringComparer.Ordinal).Select(r => r.Counts.Requests));
        Assert.Contains(row.Counts, read.Select(r => r.Counts));
        Assert.Equal([new(12, 3)], Assert.Single(await Ledger.ReadLatencyAsync(All, default)).Duration!);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("the-token-of-the-gatewayz")]
    [InlineData("the-token-of-the-gateways1")]
    [InlineData("THE-TOKEN-OF-THE-GATEWAYS")]
    public async Task Batch_WithoutTheToken_IsRefused(string? token)
    {
        var (status, body) = await PostAsync(Rows.Batch(Rows.Of()), token);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("invalid_internal_token", ErrorObject.Parse(body).Code);
        Assert.DoesNotContain(Token, body, StringComparison.Ordinal);
        Assert.Empty(await Ledger.ReadAsync(All, default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Token)]
    public async Task Batch_WhereNoTokenIsSet_IsRefused(string? token)
    {
        await using var rig = await BillingRig.StartAsync(("Internal:Token", ""));

        var (status, body) = await PostAsync(rig.Billing, Content(Rows.Batch(Rows.Of())), token);

        Assert.Equal((HttpStatusCode.Forbidden, "internal_token_not_set"), (status, ErrorObject.Parse(body).Code));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Method_OtherThanPost_Is405(string method)
    {
        var answer = await _rig.Billing.SendAsync(new HttpMethod(method), UsageBatch.Path, null, default, (InternalHeaders.Token, Token));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Contains("use POST", answer.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"no-guid","rows":[]}""")]
    [InlineData("""{"id":"00000000-0000-0000-0000-000000000000","rows":[]}""")]
    [InlineData("""{"id":"018f0000-0000-7000-8000-000000000001"}""")]
    [InlineData("""{"id":"018f0000-0000-7000-8000-000000000001","rows":[null]}""")]
    [InlineData("""{"id":"018f0000-0000-7000-8000-000000000001","rows":[{}]}""")]
    [InlineData("""{"id":"018f0000-0000-7000-8000-000000000001","rows":[{"what":{},"counts":{}}]}""")]
    public async Task Body_ThatIsNoBatch_Is400(string body)
    {
        var (status, answer) = await PostAsync(_rig.Billing, new ByteArrayContent(Encoding.UTF8.GetBytes(body)), Token);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_usage_batch"), (status, ErrorObject.Parse(answer).Code));
    }

    [Fact]
    public async Task Rows_ThatCannotBe_AreAllNamedAndNoneIsTaken()
    {
        var good = Rows.Of();
        var bad = new (string Error, UsageRow Row)[]
        {
            ("what.hour", Rows.Of(hour: -1)),
            ("what.key", Rows.Of(key: "sk-hidden")),
            ("what.key", Rows.Of(key: "key_" + new string('A', 24))),
            ("what.key", Rows.Of(key: "key_" + new string('a', 25))),
            ("what.model", Rows.Of(model: new string('m', 129))),
            ("what.endpoint", Rows.Of(endpoint: new string('e', 129))),
            ("what.unit", Rows.Of(unit: new string('u', 129))),
            ("what.tier", good with { What = good.What with { Tier = null! } }),
            ("what.context", good with { What = good.What with { Context = -1 } }),
            ("counts", good with { Counts = new UsageCounts { Input = -1 } }),
            ("counts", good with { Counts = new UsageCounts { Quantity = long.MaxValue } }),
            ("once", good with { Once = new string('o', 1025) }),
            ("duration", good with { Duration = new() { [98] = 1 } }),
            ("duration", good with { Duration = new() { [-1] = 1 } }),
            ("firstToken", good with { FirstToken = new() { [1] = -1 } }),
        };

        var (status, body) = await PostAsync(Rows.Batch([good, .. bad.Select(b => b.Row)]));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var message = ErrorObject.Parse(body).Message;
        Assert.All(bad.Select((b, i) => $"rows[{i + 1}].{b.Error}"), error => Assert.Contains(error, message, StringComparison.Ordinal));
        Assert.DoesNotContain("rows[0]", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", message, StringComparison.Ordinal);
        Assert.Empty(await Ledger.ReadAsync(All, default));
    }

    [Fact]
    public async Task Batch_OfManyErrors_DoesNotNameThousands()
    {
        var (_, body) = await PostAsync(Rows.Batch([.. Enumerable.Repeat(Rows.Of(key: "x"), 5_000)]));

        Assert.InRange(body.Length, 100, 5_000);
    }

    [Fact]
    public async Task Batch_OfMegabytes_IsTakenAndOneThatIsTooLargeIsNot()
    {
        var rows = Enumerable.Range(0, 5_000).Select(i => Rows.Of(1, model: $"model {i}")).ToArray();
        var large = JsonSerializer.SerializeToUtf8Bytes(Rows.Batch(rows), ContractsJson.Default.UsageBatch);
        Assert.InRange(large.Length, MB, 10 * MB);

        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(_rig.Billing, new ByteArrayContent(large), Token)).Status);
        Assert.StartsWith("HTTP/1.1 413 ", await AnnounceAsync((16 * MB) + 1, Token), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 401 ", await AnnounceAsync(MB, "the-token-of-somebody-else"), StringComparison.Ordinal);
        Assert.Equal(5_000, (await Ledger.ReadAsync(All, default)).Count);
    }

    [Fact]
    public async Task Ledger_ThatFails_Is503UntilItIsBack()
    {
        var batch = Rows.Batch(Rows.Of());
        await _rig.Billing.UntilHealthAsync("Healthy");
        var database = _rig.Billing.Services.GetRequiredService<BillingService.Ledger.Storage.ILedgerDatabase>();
        await LedgerRig.ExecuteAsync(database, "ALTER TABLE usage_day RENAME TO usage_moved");

        using var request = Request(Content(batch), Token);
        using var refused = await _rig.Billing.Client.SendAsync(request).Guarded();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        Assert.Equal("ledger_unavailable", (await ErrorObject.ReadAsync(refused)).Code);
        Assert.Single(_rig.Billing.Logs.Find("The ledger is not available"));

        await LedgerRig.ExecuteAsync(database, "ALTER TABLE usage_moved RENAME TO usage_day");
        Assert.Equal(HttpStatusCode.NoContent, (await PostAsync(batch)).Status);
        Assert.Equal(1, Assert.Single(await Ledger.ReadAsync(All, default)).Counts.Requests);
        Assert.Single(_rig.Billing.Logs.Find("The ledger is available again"));
    }

    // Announces a body and waits for the answer before sending any of it: a client that sends on may not get to read the answer.
    private async Task<string> AnnounceAsync(int length, string token)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_rig.Billing.Address.Host, _rig.Billing.Address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"POST {UsageBatch.Path} HTTP/1.1\r\nHost: billing\r\n{InternalHeaders.Token}: {token}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"));
        return await new StreamReader(stream).ReadLineAsync().Guarded() ?? "";
    }

    private Task<(HttpStatusCode Status, string Body)> PostAsync(UsageBatch batch, string? token = Token)
        => PostAsync(_rig.Billing, Content(batch), token);

    internal static async Task<(HttpStatusCode Status, string Body)> PostAsync(
        BillingHost billing, HttpContent content, string? token, params (string Name, string Value)[] headers)
    {
        using var request = Request(content, token);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await billing.Client.SendAsync(request).Guarded();
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    internal static HttpContent Content(UsageBatch batch) => new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(batch, ContractsJson.Default.UsageBatch));

    private static HttpRequestMessage Request(HttpContent content, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, UsageBatch.Path) { Content = content };
        content.Headers.ContentType = new("application/json");
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation(InternalHeaders.Token, token);
        }

        return request;
    }
}
