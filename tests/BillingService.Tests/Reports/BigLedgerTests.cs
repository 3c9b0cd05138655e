using System.Globalization;
using System.Net;
using System.Text.Json;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary>Names that callers made up, a hundred thousand of them: a view of them takes neither memory nor time for each.</summary>
public sealed class BigLedgerTests(BigLedger ledger) : IClassFixture<BigLedger>
{
    private const int Names = BigLedger.Names;
    private const double MostMegabytes = 100;

    [Fact]
    public async Task Page_ShowsTheDearestAndTheRest_InLittleMemory()
    {
        using var form = new FormUrlEncodedContent([new("key", BigLedger.AdminToken)]);
        using var signedIn = await ledger.Service.Client.PostAsync(new Uri("/usage/sign-in", UriKind.Relative), form);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        var html = "";

        // Only what a view adds: not what the first of all loads.
        await ViewAsync("/usage?from=2001-01-01&to=2001-01-01");
        var growth = await ledger.Service.GrowthAsync(async () => html = await ViewAsync("/usage?days=30"));

        Assert.InRange(growth, 0, MostMegabytes);
        Assert.InRange(html.Length, 10_000, 200_000);
        Assert.Contains("99,980 others", html, StringComparison.Ordinal);
        Assert.Contains("name-100000<", html, StringComparison.Ordinal);
        Assert.DoesNotContain("name-99980<", html, StringComparison.Ordinal);

        async Task<string> ViewAsync(string target)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            request.Headers.Add("Cookie", cookie);
            using var answer = await ledger.Service.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync();
        }
    }

    [Theory]
    [InlineData("/billing/usage?group_by=day,key,model,endpoint", "\"cost_usd\"")]
    [InlineData("/billing/usage?group_by=day,key,model,endpoint&format=csv", "chat")]
    [InlineData("/billing/usage?group_by=key", "\"cost_usd\"")]
    [InlineData("/dashboard/billing/usage", "\"name\"")]
    public async Task Report_IsStreamed(string target, string perRow)
    {
        var today = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var first = DateTime.UtcNow.AddDays(-89).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var end = target.StartsWith("/dashboard", StringComparison.Ordinal)
            ? DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : today;
        var rows = 0;
        await ReadAsync("/billing/usage?group_by=day");

        var growth = await ledger.Service.GrowthAsync(async ()
            => rows = await ReadAsync($"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}start_date={first}&end_date={end}"));

        Assert.InRange(growth, 0, MostMegabytes);
        Assert.InRange(rows, Names, Names + 1);

        async Task<int> ReadAsync(string query)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, query);
            request.Headers.Authorization = new("Bearer", BigLedger.AdminToken);
            using var answer = await ledger.Service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return (await answer.Content.ReadAsStringAsync()).Split(perRow).Length - 1;
        }
    }

    [Fact]
    public async Task Report_InPages_IsTheWholeReport()
    {
        // Each page reads all for its total: two full ones and a half show how they join.
        await using var some = new BigLedger { Size = 25_000 };
        await some.InitializeAsync();
        var names = new List<string>();
        string? after = null;
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/billing/usage?group_by=model&limit=10000{(after is null ? "" : $"&after={after}")}");
            request.Headers.Authorization = new("Bearer", BigLedger.AdminToken);
            using var answer = await some.Service.Client.SendAsync(request);
            using var json = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
            names.AddRange(json.RootElement.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("model").GetString()!));
            after = json.RootElement.GetProperty("next").GetString();
            Assert.Equal(after is not null, json.RootElement.GetProperty("has_more").GetBoolean());
            Assert.Equal(some.Size, json.RootElement.GetProperty("total").GetProperty("requests").GetInt64());
        }
        while (after is not null);

        Assert.Equal(some.Size, names.Distinct().Count());
        Assert.Equal(some.Size, names.Count);
    }
}
