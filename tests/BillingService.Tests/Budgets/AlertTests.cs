using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.BillingService.Alerts;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Tests.Budgets;

/// <summary>Webhooks are told when a part of a budget is spent, once.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private const string Ann = "fk-ann-accesssecret-of-a-friend";
    private const string Secret = "a-secret-of-the-webhook";
    private const string AllTaken = """{"errcode":0,"code":0}""";

    private readonly Channel<(string Target, string Body, IHeaderDictionary Headers)> _told = Channel.CreateUnbounded<(string, string, IHeaderDictionary)>();
    private readonly Queue<(int Status, string Body, string? Type)> _answers = new();
    private SimulatorHost _simulator = null!;
    private AppUpstream _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync();
        _receiver = await AppUpstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var asked = await reader.ReadToEndAsync();
            var (status, body, type) = _answers.TryDequeue(out var answer) ? answer : (200, AllTaken, null);
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            _told.Writer.TryWrite(
                (context.Request.Path + context.Request.QueryString.Value, asked, new HeaderDictionary(context.Request.Headers.ToDictionary())));
            await context.Response.WriteAsync(body);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Budget_IsToldAtEachLevelOnce_WhicheverGatewaysSeeIt()
    {
        await using var billing = await StartBillingAsync("Generic");
        await using var one = await StartGatewayAsync(billing, ("Access:Keys:0:Budgets", "10/month"));
        await using var other = await StartGatewayAsync(billing, ("Access:Keys:0:Budgets", "10/month"));

        await ChatAsync(one, dollars: 5);
        await ChatAsync(one, dollars: 0);
        var half = await NextAsync();
        await ChatAsync(one, dollars: 3);
        await ChatAsync(one, dollars: 2);
        var more = await NextAsync();
        await ChatAsync(one, dollars: 0);
        var all = await NextAsync();

        Assert.Equal([50, 80, 100], ((string[])[half, more, all]).Select(body => JsonDocument.Parse(body).RootElement.GetProperty("percent").GetInt32()));
        var told = JsonDocument.Parse(half).RootElement;
        Assert.Equal(
            ("budget.alert", "key", KeyId.Of(Ann).Value, "ann", "month", 10m),
            (Text(told, "type"), Text(told, "scope"), Text(told, "key"), Text(told, "name"), Text(told, "period"), told.GetProperty("limit_usd").GetDecimal()));
        // The other gateway sees the same by the ledger, and the service knows that it was told.
        await HangGuard.Until(
            async () =>
            {
                billing.Clock.Advance(TimeSpan.FromSeconds(10));
                return await ChatAsync(other, dollars: 0);
            },
            status => status == HttpStatusCode.TooManyRequests, "it knows that all is spent");
        await billing.TellAsync(new BudgetAlert("total", "", "", BudgetPeriod.Day, "day-2026-03-15", 1_000_000, 900_000, 80, null));
        Assert.Equal("total", Text(JsonDocument.Parse(await NextAsync()).RootElement, "scope"));
    }

    [Theory]
    [InlineData("90", 9, true)]
    [InlineData("90", 8, false)]
    [InlineData("none", 10, false)]
    public async Task Key_HasLevelsOfItsOwn(string levels, int dollars, bool isTold)
    {
        await using var billing = await StartBillingAsync("Generic");
        await using var gateway = await StartGatewayAsync(billing, ("Access:Keys:0:Budgets", "10/month"), ("Access:Keys:0:AlertAt", levels));

        await ChatAsync(gateway, dollars);
        await ChatAsync(gateway, dollars: 0);
        await billing.TellAsync(new BudgetAlert("total", "", "", BudgetPeriod.Day, "day-2026-03-15", 1_000_000, 900_000, 80, null));

        string[] scopes = isTold ? [Text(JsonDocument.Parse(await NextAsync()).RootElement, "scope")!, await ScopeAsync()] : [await ScopeAsync()];
        Assert.Equal(isTold ? ["key", "total"] : ["total"], scopes.Order());
    }

    [Fact]
    public async Task Reservation_OfACall_IsNotSpent()
    {
        await using var billing = await StartBillingAsync("Generic");
        await using var gateway = await StartGatewayAsync(billing, ("Access:Keys:0:Budgets", "0.01/day"));

        // 900 tokens of gpt-4o cost 0.009 dollars out, of which the answers need a hundredth.
        HttpStatusCode[] statuses =
        [
            await ChatAsync(gateway, dollars: 0, mostTokens: 900), await ChatAsync(gateway, dollars: 0, mostTokens: 900),
            await ChatAsync(gateway, dollars: 0, mostTokens: 1_000),
        ];
        var told = JsonDocument.Parse(await NextAsync()).RootElement;

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
        Assert.Equal(100, told.GetProperty("percent").GetInt32());
        Assert.InRange(told.GetProperty("used_usd").GetDecimal(), 0.00001m, 0.001m);
        Assert.Contains("has had a call refused: its budget of $0.01 a day, of which $0.00", Text(told, "text"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Slack", """{"text":"The access key ann (key_1) has used 80 % of its budget of $10.00 a month: $8.50. It begins anew at 2026-04-01T00:00:00Z."}""")]
    [InlineData("Teams", """{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{"type":"AdaptiveCard","version":"1.4","body":[{"type":"TextBlock","text":"The access key ann (key_1) has used 80 % of its budget of $10.00 a month: $8.50. It begins anew at 2026-04-01T00:00:00Z.","wrap":true}]}}]}""")]
    [InlineData("DingTalk", """{"msgtype":"text","text":{"content":"访问密钥 ann（key_1） 的每月预算 $10.00 已使用 80 %，共 $8.50。将于 2026-04-01T00:00:00Z 重新开始计算。"}}""")]
    [InlineData("WeCom", """{"msgtype":"text","text":{"content":"访问密钥 ann（key_1） 的每月预算 $10.00 已使用 80 %，共 $8.50。将于 2026-04-01T00:00:00Z 重新开始计算。"}}""")]
    public async Task Alert_HasTheFormOfItsReceiver(string kind, string body)
    {
        await using var billing = await StartBillingAsync(kind);

        await billing.TellAsync(Alert());

        using var expected = JsonDocument.Parse(body);
        using var told = JsonDocument.Parse(await NextAsync());
        Assert.True(JsonElement.DeepEquals(expected.RootElement, told.RootElement), told.RootElement.GetRawText());
    }

    [Fact]
    public async Task Alert_OfAGenericWebhook_IsSigned()
    {
        await using var billing = await StartBillingAsync("Generic", Secret);

        await billing.TellAsync(Alert());

        var (_, body, headers) = await _told.Reader.ReadAsync().AsTask().Guarded();
        var timestamp = headers[WebhookRequest.TimestampHeader].ToString();
        Assert.Equal(billing.Clock.GetUtcNow().ToUnixTimeSeconds(), long.Parse(timestamp, CultureInfo.InvariantCulture));
        Assert.Equal("sha256=" + Convert.ToHexStringLower(Hmac(Secret, $"{timestamp}.{body}")), headers[WebhookRequest.SignatureHeader].ToString());
    }

    [Fact]
    public async Task Alert_OfFeishu_IsSigned()
    {
        await using var billing = await StartBillingAsync("Feishu", Secret);

        await billing.TellAsync(Alert());

        var told = JsonDocument.Parse(await NextAsync()).RootElement;
        Assert.Equal(("text", Convert.ToBase64String(Hmac($"{Text(told, "timestamp")}\n{Secret}", ""))), (Text(told, "msg_type"), Text(told, "sign")));
    }

    [Fact]
    public async Task Alert_OfDingTalk_IsSignedInItsQuery()
    {
        await using var billing = await StartBillingAsync("DingTalk", Secret);

        await billing.TellAsync(Alert());

        var (target, _, _) = await _told.Reader.ReadAsync().AsTask().Guarded();
        var query = target.Split('?')[1].Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        Assert.Equal("token-of-the-robot", query["access_token"]);
        Assert.Equal(Convert.ToBase64String(Hmac(Secret, $"{query["timestamp"]}\n{Secret}")), query["sign"]);
    }

    [Theory]
    [InlineData("Generic", 500, "")]
    [InlineData("WeCom", 200, """{"errcode":93000,"errmsg":"invalid webhook url"}""")]
    public async Task Alert_ThatIsNotTaken_IsTriedAgain(string kind, int status, string body)
    {
        _answers.Enqueue((status, body, null));
        await using var billing = await StartBillingAsync(kind);
        await billing.TellAsync(Alert());
        var first = await NextAsync();

        await HangGuard.Until(() => billing.Logs.Find("did not take the alert").Count == 1, "the log says it");
        await HangGuard.Until(
            () =>
            {
                billing.Clock.Advance(TimeSpan.FromSeconds(6));
                return _told.Reader.Count > 0;
            },
            "it is tried again");

        Assert.Equal(first, await NextAsync());
        Assert.Empty(billing.Logs.Find("token-of-the-robot"));
    }

    [Theory]
    [InlineData("Generic", "text/plain; charset=klingon", 10)]
    [InlineData("DingTalk", "application/json; charset=klingon", 0)]
    [InlineData("Slack", "text/html", 100_000)]
    public async Task Alert_WhoseAnswerIsOdd_IsTakenAllTheSame(string kind, string type, int length)
    {
        _answers.Enqueue((200, length == 0 ? AllTaken : new string('x', length), type));
        await using var billing = await StartBillingAsync(kind);
        await billing.TellAsync(Alert());
        await NextAsync();

        await billing.TellAsync(Alert() with { Percent = 100 });
        await NextAsync();

        Assert.Empty(billing.Logs.Find("did not take the alert"));
    }

    [Fact]
    public async Task Alert_ThatNoReleaseWrites_HoldsUpNoOther()
    {
        await using var billing = await StartBillingAsync("Generic");

        await billing.TellAsync(Alert() with { ResetsAt = long.MaxValue }, HttpStatusCode.BadRequest);
        await billing.TellAsync(Alert() with { Percent = 100 });

        Assert.Equal(100, JsonDocument.Parse(await NextAsync()).RootElement.GetProperty("percent").GetInt32());
    }

    [Theory]
    [InlineData("Url", "ftp://x", "Alerts:Webhooks:0:Url has a value that can't be used; allowed: an http or https address.")]
    [InlineData("Kind", "Fax", "Alerts:Webhooks:0:Kind is 'Fax'; allowed: Generic, Slack, Teams, Feishu, DingTalk or WeCom.")]
    [InlineData("Colour", "red", "Alerts:Webhooks:0:Colour is not a setting.")]
    public async Task Webhook_ThatIsWrong_StopsTheStart(string field, string value, string told)
    {
        (string, string)[] settings = [("Alerts:Webhooks:0:Url", "https://example.com/token-of-the-robot"), ("Alerts:Webhooks:0:Kind", "Slack")];

        var error = await Assert.ThrowsAsync<ServiceDefaults.Configuration.SettingsException>(() => BillingHost.StartAsync(
            _simulator.Address, [.. settings.Where(s => s.Item1 != $"Alerts:Webhooks:0:{field}"), ($"Alerts:Webhooks:0:{field}", value)]));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("token-of-the-robot", error.Message, StringComparison.Ordinal);
    }

    private static BudgetAlert Alert() => new("key", "key_1", "ann", BudgetPeriod.Month, "month-2026-03-01", 10_000_000, 8_500_000, 80, 1_775_001_600);

    private Task<BillingHost> StartBillingAsync(string kind, string secret = "") => BillingHost.StartAsync(
        _simulator.Address,
        ("Alerts:Webhooks:0:Url", new Uri(_receiver.Address, "/hook?access_token=token-of-the-robot").AbsoluteUri), ("Alerts:Webhooks:0:Kind", kind),
        ("Alerts:Webhooks:0:Secret", secret));

    private Task<GatewayHost> StartGatewayAsync(BillingHost billing, params (string, string)[] settings) => GatewayHost.StartAsync(
        _simulator.Address,
        builder => builder.Services.AddSingleton<TimeProvider>(billing.Clock),
        [
            ("services:billing:http:0", billing.Address.ToString()), ("OpenAI:ApiKey", Keys.Operator),
            ("Access:Keys:0:Key", Ann), ("Access:Keys:0:Name", "ann"),
            .. settings,
        ]);

    private async Task<string> NextAsync() => (await _told.Reader.ReadAsync().AsTask().Guarded()).Body;

    private async Task<string> ScopeAsync() => Text(JsonDocument.Parse(await NextAsync()).RootElement, "scope")!;

    // A million tokens of gpt-4o cost 2.50 dollars in.
    private static async Task<HttpStatusCode> ChatAsync(GatewayHost gateway, int dollars, int mostTokens = 1)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"gpt-4o","max_tokens":{{mostTokens}},"messages":[]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", Ann);
        request.Headers.Add("x-sim-prompt-tokens", Math.Max(1, dollars * 400_000).ToString(CultureInfo.InvariantCulture));
        using var answer = await gateway.Client.SendAsync(request).Guarded();
        await answer.Content.ReadAsStringAsync();
        return answer.StatusCode;
    }

    private static byte[] Hmac(string key, string text) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text));

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
