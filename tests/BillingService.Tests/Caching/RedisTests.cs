using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Caching;
using OpenAIProxy.ServiceDefaults.Redis;

namespace OpenAIProxy.BillingService.Tests.Caching;

/// <summary>Caching in a real Redis.</summary>
public sealed class RedisTests
{
    private const string Past = "/dashboard/billing/usage?start_date=2025-11-01&end_date=2025-12-01";
    private const string Today = "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16";
    private const string Grants = "/billing/credit_grants";
    private const string Prefix = "openaiproxy:billing:1:";

    [Fact]
    public async Task Result_OfOneReplica_IsAHitOnAnotherAndAfterARestart()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await FakeBilling.StartAsync();
        Answer first;
        await using (var one = await StartAsync(upstream, redis))
        {
            first = await one.GetAsync(Grants);
        }

        await using var two = await StartAsync(upstream, redis);
        await using var three = await StartAsync(upstream, redis);
        two.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("miss", first.Cache);
        foreach (var (billing, age) in ((BillingHost, string)[])[(two, "5"), (three, "0")])
        {
            var answer = await billing.GetAsync(Grants);
            Assert.Equal(("hit", age, first.Text), (answer.Cache, answer.Age, answer.Text));
        }

        Assert.Equal(3, upstream.Calls.Count);
    }

    [Fact]
    public async Task Redis_AfterAllKindsOfQueries_HoldsNoKeyAndNothingReadable()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await FakeBilling.StartAsync();
        await using var billing = await StartAsync(upstream, redis);
        foreach (var key in (string[])[Keys.Secret, Keys.Other, Keys.Session])
        {
            foreach (var target in (string[])[Past, Today, Grants, "/dashboard/billing/subscription"])
            {
                var answer = await billing.GetAsync(target, key, ("OpenAI-Organization", "org-Visible"), ("OpenAI-Project", "proj_Visible"));
                Assert.Equal(HttpStatusCode.OK, answer.Status);
            }
        }

        var names = await redis.NamesAsync();
        var dump = new StringBuilder().AppendJoin('\n', names);
        foreach (var name in names)
        {
            dump.Append(Encoding.Latin1.GetString(await redis.CommandAsync("GET", name)));
        }

        Assert.InRange(names.Count, 10, 50);
        string[] secrets = [Keys.Secret, Keys.Other, Keys.Session, Keys.Operator];
        // Nothing short: what is sealed has all bytes, and any three letters now and then.
        string[] readable = ["sk-proj-", "sk-Other", "sess-Session", "T3BlbkFJ", "org-Visible", "proj_Visible", "total_usage", "billing_subscription",
            "credit_summary", "2026-03-01", "127.0.0.1"];
        foreach (var text in secrets.Concat(secrets.Select(s => Convert.ToBase64String(Encoding.UTF8.GetBytes(s))[..16])).Concat(readable))
        {
            Assert.DoesNotContain(text, dump.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Names_InRedis_SayNothingOfWhoSharesAKey()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await FakeBilling.StartAsync();
        await using var billing = await StartAsync(upstream, redis);
        await billing.GetAsync(Today);

        var name = Assert.Single(await ResultsAsync(redis));

        Assert.Equal(Prefix.Length + 43, name.Length);
        // Not a bare hash that whoever has a key could look up.
        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Keys.Secret));
        Assert.DoesNotContain(Convert.ToHexStringLower(hash)[..16], name, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Results_InRedis_ExpireWithTheirWindow()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await FakeBilling.StartAsync();
        await using var billing = await StartAsync(upstream, redis);

        await billing.GetAsync(Today);
        var today = Assert.Single(await ResultsAsync(redis));
        await billing.GetAsync(Past);
        var past = Assert.Single(await ResultsAsync(redis), name => name != today);

        Assert.InRange(await TimeToLiveAsync(redis, today), 1, 60);
        Assert.InRange(await TimeToLiveAsync(redis, past), 61, 86_400);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("")]
    [InlineData("another's")]
    [InlineData("cut")]
    [InlineData("a list")]
    public async Task Result_ThatIsCorruptOrForeign_IsAMiss(string what)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await FakeBilling.StartAsync();
        await using (var before = await StartAsync(upstream, redis))
        {
            await before.GetAsync(Today);
        }

        var name = Assert.Single(await ResultsAsync(redis));
        switch (what)
        {
            case "another's":
                upstream.CentsOf = _ => "99";
                await using (var other = await StartAsync(upstream, redis))
                {
                    await other.GetAsync(Today, Keys.Other);
                }

                upstream.CentsOf = _ => "10";
                var theirs = Assert.Single(await ResultsAsync(redis), n => n != name);
                await redis.CommandAsync("COPY", theirs, name, "REPLACE");
                break;
            case "cut":
                await redis.CommandAsync("EVAL", "return redis.call('SET', KEYS[1], string.sub(redis.call('GET', KEYS[1]), 1, -2))", "1", name);
                break;
            case "a list":
                await redis.CommandAsync("DEL", name);
                await redis.CommandAsync("RPUSH", name, "x");
                break;
            default:
                await redis.CommandAsync("SET", name, what);
                break;
        }

        await using var billing = await StartAsync(upstream, redis);
        var answer = await billing.GetAsync(Today);

        Assert.Equal((HttpStatusCode.OK, "miss", "150"), (answer.Status, answer.Cache, answer.Number("total_usage")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/html; charset=utf-8")]
    public async Task Result_ThatAnEarlierReleaseKeptWithAnotherType_IsJson(string? type)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await FakeBilling.StartAsync();
        await using var billing = await StartAsync(upstream, redis);
        var question = new Question(
            new Credential(CredentialKind.Key, Keys.Secret, null, null), "usage", new DateRange(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 16)));
        var now = billing.Clock.GetUtcNow();
        var kept = new BillingService.Answers.Answer("""{"total_usage":7}"""u8.ToArray(), now) { ContentType = type };
        await billing.Services.GetRequiredService<RedisAnswers>().KeepAsync(question, kept, now.AddMinutes(1), CancellationToken.None);

        var answer = await billing.GetAsync(Today);

        Assert.Equal(("hit", "7", "application/json"), (answer.Cache, answer.Number("total_usage"), answer.Headers["Content-Type"]));
    }

    [Fact]
    public async Task Secret_OfTheSettings_KeepsNoneInRedisAndSeparatesWhoHasAnother()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await FakeBilling.StartAsync();
        await using var one = await StartAsync(upstream, redis, ("Billing:CacheSecret", "the-first-shared-secret"));
        await using var same = await StartAsync(upstream, redis, ("Billing:CacheSecret", "the-first-shared-secret"));
        await using var another = await StartAsync(upstream, redis, ("Billing:CacheSecret", "quite-another-secret"));
        await one.GetAsync(Today);

        Assert.Equal("hit", (await same.GetAsync(Today)).Cache);
        Assert.Equal("miss", (await another.GetAsync(Today)).Cache);
        Assert.All(await redis.NamesAsync(), name => Assert.StartsWith(Prefix, name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NoCache_OnOneReplica_RenewsTheResultForAll()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await FakeBilling.StartAsync();
        await using var one = await StartAsync(upstream, redis);
        await using var two = await StartAsync(upstream, redis);
        await one.GetAsync(Past);
        await two.GetAsync(Past);
        upstream.CentsOf = _ => "1";

        await one.GetAsync(Past, Keys.Secret, ("Cache-Control", "no-cache"));
        var answer = await two.GetAsync(Past);

        Assert.Equal(("hit", "30"), (answer.Cache, answer.Number("total_usage")));
    }

    [Fact]
    public async Task Redis_DownAtTheStart_CostsNoAnswerAndIsUsedOnceItIsUp()
    {
        await using var redis = RedisServer.Reserve();
        await using var upstream = await FakeBilling.StartAsync();
        await using var billing = await StartAloneAsync(upstream, redis);

        var first = await billing.GetAsync(Today);
        var second = await billing.GetAsync(Today);

        Assert.Equal((HttpStatusCode.OK, "miss"), (first.Status, first.Cache));
        Assert.Equal((HttpStatusCode.OK, "hit"), (second.Status, second.Cache));
        Assert.Equal("Degraded: Redis is unreachable", (await billing.GetAsync("/health/ready", key: null)).Text);
        Assert.Single(Said(billing, "Redis is unreachable"));

        await redis.StartAgainAsync();
        await UntilUsedAsync(billing, redis);
    }

    [Fact]
    public async Task Redis_GoingDownAndComingBack_CostsNoAnswer()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await FakeBilling.StartAsync();
        await using var billing = await StartAsync(upstream, redis);
        await billing.GetAsync(Past);
        var before = Said(billing, "Redis is unreachable").Count();
        await redis.KillAsync();

        var known = await billing.GetAsync(Past);
        var unknown = await billing.GetAsync(Today);

        Assert.Equal((HttpStatusCode.OK, "hit"), (known.Status, known.Cache));
        Assert.Equal((HttpStatusCode.OK, "miss"), (unknown.Status, unknown.Cache));
        await billing.UntilHealthAsync("Degraded");
        Assert.Equal(before + 1, Said(billing, "Redis is unreachable").Count());

        await redis.StartAgainAsync();
        await UntilUsedAsync(billing, redis);
    }

    [Fact]
    public async Task Redis_ThatHangs_CostsNoAnswer()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var upstream = await FakeBilling.StartAsync();
        await using var billing = await StartAloneAsync(upstream, redis);
        await billing.UntilHealthAsync("Healthy");
        await billing.GetAsync(Past);
        await redis.FreezeAsync();

        var known = await billing.GetAsync(Past);
        var unknown = await billing.GetAsync("/billing/credit_grants?start_date=2021-03-16");

        Assert.Equal((HttpStatusCode.OK, "hit"), (known.Status, known.Cache));
        Assert.Equal((HttpStatusCode.OK, "miss"), (unknown.Status, unknown.Cache));
    }

    private static IEnumerable<LogEntry> Said(BillingHost billing, string text)
        => billing.Logs.Find(text).Where(entry => entry.Category.StartsWith("OpenAIProxy", StringComparison.Ordinal));

    // With a Redis that answers: the first question must not find it still connecting, and a moment without a processor is no failure.
    private static async Task<BillingHost> StartAsync(FakeBilling upstream, RedisServer redis, params (string, string)[] settings)
    {
        var patient = ("ConnectionStrings:cache", $"{redis.ConnectionString},syncTimeout=60000");
        var billing = await StartAloneAsync(upstream, redis, [patient, .. settings]);
        // Half of what the question behind it has.
        billing.Services.GetRequiredService<RedisConnection>().Patience = HangGuard.Limit / 2;
        await billing.UntilHealthAsync("Healthy");
        return billing;
    }

    private static Task<BillingHost> StartAloneAsync(FakeBilling upstream, RedisServer redis, params (string, string)[] settings)
        => BillingHost.StartAsync(upstream.Address, [("ConnectionStrings:cache", redis.ConnectionString), .. settings]);

    private static async Task<IReadOnlyList<string>> ResultsAsync(RedisServer redis)
        => [.. (await redis.NamesAsync()).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))];

    private static async Task<int> TimeToLiveAsync(RedisServer redis, string name)
        => int.Parse(Encoding.UTF8.GetString(await redis.CommandAsync("TTL", name)), System.Globalization.CultureInfo.InvariantCulture);

    // The client connects again in its own time; every question on the way is answered.
    private static async Task UntilUsedAsync(BillingHost billing, RedisServer redis) => await HangGuard.Until(
        async () =>
        {
            billing.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(HttpStatusCode.OK, (await billing.GetAsync(Today, Keys.Secret, ("Cache-Control", "no-cache"))).Status);
            return await ResultsAsync(redis);
        },
        results => results.Count > 0 && Said(billing, "Redis is reachable again").Any(),
        "results are in Redis again");
}
