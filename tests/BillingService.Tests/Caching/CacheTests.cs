using System.Net;

namespace OpenAIProxy.BillingService.Tests.Caching;

/// <summary>Caching without Redis: in this process's memory.</summary>
public sealed class CacheTests
{
    private const string Past = "/dashboard/billing/usage?start_date=2025-11-01&end_date=2025-12-01";
    private const string Today = "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16";
    private const string Future = "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-04-01";
    private const string Subscription = "/dashboard/billing/subscription";

    [Fact]
    public async Task Answer_AskedForTwice_IsAHitWithItsAge()
    {
        await using var rig = await BillingRig.StartAsync();

        var first = await rig.Billing.GetAsync(Today);
        rig.Billing.Clock.Advance(TimeSpan.FromSeconds(42));
        var second = await rig.Billing.GetAsync(Today);

        Assert.Equal(("miss", "0"), (first.Cache, first.Age));
        Assert.Equal(("hit", "42"), (second.Cache, second.Age));
        Assert.Equal(first.Text, second.Text);
        Assert.Single(rig.Upstream.Calls);
    }

    [Theory]
    [InlineData(Today, 59, "hit")]
    [InlineData(Today, 61, "miss")]
    [InlineData(Future, 61, "miss")]
    [InlineData(Subscription, 59, "hit")]
    [InlineData(Subscription, 61, "miss")]
    [InlineData(Past, 61, "hit")]
    [InlineData(Past, 86_399, "hit")]
    [InlineData(Past, 86_401, "miss")]
    // Over for twelve hours: late costs may still come in.
    [InlineData("/dashboard/billing/usage?start_date=2026-03-14&end_date=2026-03-15", 43_199, "hit")]
    [InlineData("/dashboard/billing/usage?start_date=2026-03-14&end_date=2026-03-15", 43_201, "miss")]
    public async Task Answer_AfterSomeSeconds_IsStillTrueOrNot(string target, int seconds, string cache)
    {
        await using var rig = await BillingRig.StartAsync();
        await rig.Billing.GetAsync(target);

        rig.Billing.Clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(cache, (await rig.Billing.GetAsync(target)).Cache);
    }

    [Fact]
    public async Task Lifetimes_OfTheSettings_Hold()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:CacheToday", "0s"), ("Billing:CachePast", "10m"));
        await rig.Billing.GetAsync(Today);
        await rig.Billing.GetAsync(Past);

        Assert.Equal("miss", (await rig.Billing.GetAsync(Today)).Cache);
        Assert.Equal("hit", (await rig.Billing.GetAsync(Past)).Cache);
        rig.Billing.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("miss", (await rig.Billing.GetAsync(Past)).Cache);
    }

    [Fact]
    public async Task LongRange_ADayLater_AsksOnlyForTheWindowsThatChanged()
    {
        await using var rig = await BillingRig.StartAsync();
        await rig.Billing.GetAsync("/billing/credit_grants?start_date=2023-03-15&end_date=2026-03-15");
        var cold = rig.Upstream.Calls.Count;

        rig.Billing.Clock.Advance(TimeSpan.FromHours(23));
        var answer = await rig.Billing.GetAsync("/billing/credit_grants?start_date=2023-03-16&end_date=2026-03-16");

        Assert.InRange(cold, 14, 16);
        // The first window, the last one, the subscription.
        Assert.Equal(3, rig.Upstream.Calls.Count - cold);
        Assert.Equal("miss", answer.Cache);
        Assert.Equal("82800", answer.Age);
        Assert.Equal("109.7", answer.Number("total_used"));
    }

    [Fact]
    public async Task Answer_OfSeveralParts_IsAHitOnlyIfAllAre()
    {
        await using var rig = await BillingRig.StartAsync();
        await rig.Billing.GetAsync("/billing/credit_grants");

        rig.Billing.Clock.Advance(TimeSpan.FromSeconds(30));
        var hit = await rig.Billing.GetAsync("/billing/credit_grants");

        Assert.Equal(("hit", "30"), (hit.Cache, hit.Age));
    }

    [Theory]
    [InlineData("no-cache")]
    [InlineData("max-age=0, No-Cache")]
    public async Task NoCache_OfTheClient_AsksUpstreamAndRenewsTheResult(string directive)
    {
        await using var rig = await BillingRig.StartAsync();
        await rig.Billing.GetAsync(Today);
        rig.Upstream.CentsOf = _ => "1";

        var fresh = await rig.Billing.GetAsync(Today, Keys.Secret, ("Cache-Control", directive));
        var later = await rig.Billing.GetAsync(Today);

        Assert.Equal(("miss", "15"), (fresh.Cache, fresh.Number("total_usage")));
        Assert.Equal(("hit", "15"), (later.Cache, later.Number("total_usage")));
        Assert.Equal(2, rig.Upstream.Calls.Count);
    }

    [Fact]
    public async Task Results_OfDifferentCallers_AreNeverShared()
    {
        await using var rig = await BillingRig.StartAsync();
        (string Key, (string, string)[] Headers)[] callers =
        [
            (Keys.Secret, []), (Keys.Other, []), (Keys.Session, []), (Keys.Secret + "x", []),
            (Keys.Secret, [("OpenAI-Organization", "org-1")]), (Keys.Secret, [("OpenAI-Project", "org-1")]),
            (Keys.Secret, [("OpenAI-Organization", "org-1"), ("OpenAI-Project", "p")]),
        ];
        foreach (var target in (string[])[Today, Subscription])
        {
            foreach (var (key, headers) in callers)
            {
                Assert.Equal("miss", (await rig.Billing.GetAsync(target, key, headers)).Cache);
            }

            foreach (var (key, headers) in callers)
            {
                Assert.Equal("hit", (await rig.Billing.GetAsync(target, key, headers)).Cache);
            }
        }

        Assert.Equal(2 * callers.Length, rig.Upstream.Calls.Count);
    }

    [Fact]
    public async Task Results_OfDifferentQuestions_AreNeverMixedUp()
    {
        await using var rig = await BillingRig.StartAsync();
        string[] targets = [Past, Today, Future, Subscription, "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-15"];
        var first = new Dictionary<string, string>();
        foreach (var target in targets)
        {
            first[target] = (await rig.Billing.GetAsync(target)).Text;
        }

        foreach (var target in targets)
        {
            Assert.Equal(first[target], (await rig.Billing.GetAsync(target)).Text);
        }

        Assert.Equal(targets.Length, rig.Upstream.Calls.Count);
        Assert.Equal(targets.Length, first.Values.Distinct().Count());
    }

    [Fact]
    public async Task Health_WithoutRedis_IsGood()
    {
        await using var rig = await BillingRig.StartAsync();

        var health = await rig.Billing.UntilHealthAsync("Healthy");

        Assert.Equal(HttpStatusCode.OK, health.Status);
    }
}
