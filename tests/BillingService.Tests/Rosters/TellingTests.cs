using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.BillingService.Tests.Pages;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Rosters;

/// <summary>A gateway tells of the keys in its settings, and the page shows their budgets as the gateway enforces them.</summary>
public sealed partial class TellingTests : IAsyncLifetime
{
    private const string Ann = "fk-ann-accesssecret-of-a-friend";
    private const string Bob = "fk-bob-accesssecret-of-a-friend";
    private const int InputOfADollar = 400_000;

    private static readonly (string, string)[] Settings =
    [
        ("Access:Keys:0:Key", Ann), ("Access:Keys:0:Name", "ann"), ("Access:Keys:0:Owner", "ann@example.com"), ("Access:Keys:0:Team", "research"),
        ("Access:Keys:0:Budgets", "4/day;10/total shadow"), ("Access:Keys:0:Limits:Requests", "600/minute"),
        ("Access:Keys:1:Key", Bob), ("Access:Keys:1:Name", "bob"), ("Access:Keys:1:Team", "Research"),
        ("Budgets:Keys", "50/month"), ("Budgets:Teams:research", "8/week"), ("Budgets:Total", "100/total"), ("Budgets:TimeZone", "Asia/Shanghai"),
    ];

    private SimulatorHost _simulator = null!;
    private BillingHost _billing = null!;
    private GatewayHost _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync();
        _billing = await BillingHost.StartAsync(_simulator.Address, ("Billing:AdminToken", SampleUsage.Admin));
        _gateway = await GatewayHost.StartAsync(
            _simulator.Address, builder => builder.Services.AddSingleton<TimeProvider>(_billing.Clock),
            [("services:billing:http:0", _billing.Address.ToString()), ("OpenAI:ApiKey", Keys.Operator), .. Settings]);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _billing.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Page_OfTheAdmin_HasTheBudgetsThatTheGatewayEnforces_TheMostUsedFirst()
    {
        // 03:00 of the 15th in Shanghai is a part of its day, but 23:00 of the 14th is not; both are of its week, which began on the 9th.
        await _billing.ReportAsync(
            At("2026-03-14T19:00:00Z", 2, Ann), At("2026-03-14T15:00:00Z", 1, Ann), At("2026-03-08T17:00:00Z", 4, Bob), At("2026-03-08T15:00:00Z", 1, Bob));

        var rows = await UntilBudgetsAsync(SampleUsage.Admin, 4);

        Assert.Equal(
            [
                ("Team research, a week", "7", "1", "2026-03-15 16:00"), ("ann, a day", "2", "2", "2026-03-15 16:00"),
                ("bob, a month", "5", "45", "2026-03-31 16:00"), ("All callers, in total", "8", "92", "never"),
            ],
            rows);
    }

    [Fact]
    public async Task Page_OfAKey_HasItsOwnBudgetWithTheFiguresOfLimits_AndItsLimits_AndNothingOfOthers()
    {
        await UntilBudgetsAsync(SampleUsage.Admin, 4);
        await ChatAsync(Ann);
        await HangGuard.Until(() => UsedAsync(), used => used > 0m, "the ledger has the call");

        var html = await PageAsync(Ann);

        var limits = await LimitsAsync();
        var row = Assert.Single(Rows(html));
        Assert.Equal(("ann, a day", Number(limits, "used_usd"), Number(limits, "remaining_usd")), (row.Name, row.Used, row.Left));
        Assert.Contains("600/minute", html, StringComparison.Ordinal);
        Assert.All((string[])["bob", "research", "All callers", "id=\"keys\"", "id=\"teams\"", "id=\"owners\""], other
            => Assert.DoesNotContain(other, html, StringComparison.Ordinal));

        async Task<decimal> UsedAsync()
        {
            _billing.Clock.Advance(TimeSpan.FromSeconds(1));
            return (await _billing.GetForAsync("/billing/usage", KeyId.Of(Ann).Value)).Json.GetProperty("total").GetProperty("cost_usd").GetDecimal();
        }
    }

    [Fact]
    public async Task Key_ThatWasNeverUsed_OpensThePageAndShowsItsBudget()
    {
        await UntilBudgetsAsync(SampleUsage.Admin, 4);

        var html = await PageAsync(Bob);

        Assert.Equal(("bob, a month", "0", "50", "2026-03-31 16:00"), Assert.Single(await UntilBudgetsAsync(Bob, 1)));
        Assert.Contains("No usage in this period.", html, StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity, (await UsageRig.PostAsync(_billing, "/usage/sign-in", "fk-of-nobody-at-all-accesssecret")).Status);
    }

    [Fact]
    public async Task Page_OfTheAdmin_ShowsTeamsAndOwnersByWhatTheyCost()
    {
        await UntilBudgetsAsync(SampleUsage.Admin, 4);
        await _billing.ReportAsync(
            Used.Tokens("2026-03-15", InputOfADollar, key: KeyId.Of(Ann).Value), Used.Tokens("2026-03-15", InputOfADollar, key: KeyId.Of(Bob).Value),
            Used.Tokens("2026-03-15", 3 * InputOfADollar), Used.Tokens("2026-03-15", 10, model: Used.Unpriced, key: KeyId.Of(Bob).Value));

        var html = await PageAsync(SampleUsage.Admin);

        Assert.Equal([("(no team)", "3"), ("research", "2")], Costs(html, "teams-table"));
        Assert.Equal([("(no owner)", "4"), ("ann@example.com", "1")], Costs(html, "owners-table"));
        Assert.Contains("+ unpriced", Table(html, "teams-table"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Budget_OfWhichUsageHasNoPrice_SaysSo_AndNeverZero()
    {
        await UntilBudgetsAsync(SampleUsage.Admin, 4);
        await _billing.ReportAsync(Used.Tokens("2026-03-15", 10, model: Used.Unpriced, key: KeyId.Of(Ann).Value));

        var html = await PageAsync(Ann);

        Assert.Contains("unpriced of $4.00, 0 %", html, StringComparison.Ordinal);
        Assert.DoesNotContain("$0.00", html, StringComparison.Ordinal);
    }

    private async Task<(string Name, string Used, string Left, string Resets)[]> UntilBudgetsAsync(string key, int count)
    {
        var html = await HangGuard.Until(() => PageAsync(key), page => Rows(page).Count == count, $"the gateway has told of {count} budgets");
        return [.. Rows(html).Select(row => (row.Name, Text(row.Used), Text(row.Left), row.Resets))];
    }

    private async Task<string> PageAsync(string key)
    {
        var signIn = await UsageRig.PostAsync(_billing, "/usage/sign-in", key);
        if (signIn.Status != HttpStatusCode.SeeOther)
        {
            return "";
        }

        var answer = await _billing.GetAsync("/usage?tz=UTC&days=7", key: null, ("Cookie", signIn.Headers["Set-Cookie"].Split(';')[0]));
        return WebUtility.HtmlDecode(answer.Text);
    }

    private async Task ChatAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                """{"model":"gpt-4o","max_tokens":10,"messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", key);
        request.Headers.Add("x-sim-prompt-tokens", "333333");
        using var answer = await _gateway.Client.SendAsync(request).Guarded();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await answer.Content.ReadAsStringAsync();
    }

    private async Task<JsonElement> LimitsAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/limits");
        request.Headers.Authorization = new("Bearer", Ann);
        using var answer = await _gateway.Client.SendAsync(request).Guarded();
        var limits = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return limits.GetProperty("budgets").EnumerateArray().Single(budget => budget.GetProperty("scope").GetString() == "key");
    }

    private static UsageRow At(string time, int dollars, string key)
    {
        var row = Used.Tokens("2026-03-15", dollars * InputOfADollar, key: KeyId.Of(key).Value);
        return row with { What = row.What with { Hour = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeSeconds() / 3600 } };
    }

    private static List<(string Name, decimal Used, decimal Left, string Resets)> Rows(string html)
        => [.. Cells(html, "budgets-table").Select(cells => (cells[0], decimal.Parse(cells[1], CultureInfo.InvariantCulture),
            decimal.Parse(cells[2], CultureInfo.InvariantCulture), cells[^1]))];

    private static (string, string)[] Costs(string html, string table)
        => [.. Cells(html, table).Where(cells => cells[0] != "Total").Select(cells => (cells[0], Text(decimal.Parse(cells[1], CultureInfo.InvariantCulture))))];

    private static IEnumerable<string[]> Cells(string html, string table)
        => Row().Matches(Table(html, table)).Select(row => (string[])[.. Cell().Matches(row.Value).Select(
            cell => Exact().Match(cell.Value) is { Success: true } exact ? exact.Groups[1].Value : Tag().Replace(cell.Value, "").Trim())])
            .Where(cells => cells.Length > 1);

    private static string Table(string html, string id)
        => Regex.Match(html, $"<table id=\"{id}\">.*?</table>", RegexOptions.Singleline).Value;

    private static string Text(decimal amount) => amount.ToString("0.######", CultureInfo.InvariantCulture);

    private static decimal Number(JsonElement json, string name) => json.GetProperty(name).GetDecimal();

    [GeneratedRegex("<tr><th scope=\"row\">.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("<t[hd].*?</t[hd]>", RegexOptions.Singleline)]
    private static partial Regex Cell();

    [GeneratedRegex("<data value=\"([^\"]*)\"")]
    private static partial Regex Exact();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
