using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.BillingService.Keys.Rosters;
using OpenAIProxy.BillingService.Tests.Ledger;
using OpenAIProxy.BillingService.Tests.ManagedKeys;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Tests.Rosters;

/// <summary><c>/internal/keys/configured</c>: what gateways tell of the keys in their settings is kept, put together, and never a secret.</summary>
public sealed class RosterTests(Postgres postgres)
{
    private const string Ann = "fk-ann-accesssecret-of-a-friend";
    private const string Bob = "fk-bob-accesssecret-of-a-friend";

    [Theory, OnEachDatabase]
    public async Task Roster_IsKeptThroughARestart_AndKnownByItsMark(LedgerKind kind)
    {
        await using var place = await LedgerRig.CreateAsync(kind, postgres);
        var roster = Rosters.Of(Rosters.Key(Ann, "ann", "Ann@example.com", "research", "5/day"));
        await using (var rig = await BillingRig.StartAsync(place.Setting))
        {
            Assert.Equal(HttpStatusCode.NoContent, await AskAsync(rig.Billing, roster));
            await rig.Billing.TellAsync(roster);
            Assert.Equal(HttpStatusCode.NotModified, await AskAsync(rig.Billing, roster));
        }

        await using var again = await BillingRig.StartAsync(place.Setting);

        Assert.Equal(HttpStatusCode.NotModified, await AskAsync(again.Billing, roster));
        var key = Assert.Single(await Directory(again.Billing).OfOwnerAsync("ann@EXAMPLE.com", default));
        Assert.Equal(
            (KeyId.Of(Ann).Value, "ann", "research", true, 5_000_000),
            (key.Id, key.Name, key.Team, key.IsInForce, Assert.Single(key.Budgets).MicroDollars));
    }

    [Theory, OnEachDatabase]
    public async Task Gateways_WithDifferentKeys_AreKnownTogether_AndTheNewestSettingsHold(LedgerKind kind)
    {
        await using var place = await LedgerRig.CreateAsync(kind, postgres);
        await using var rig = await BillingRig.StartAsync(place.Setting);
        var one = Rosters.Of(Rosters.Key(Ann, "ann", team: "old"), Rosters.Key(Bob, "bob")) with { Common = Rosters.Common with { Budgets = "1/day" } };
        var other = Rosters.Of(Rosters.Key(Ann, "ann", team: "new")) with { Common = Rosters.Common with { Budgets = "2/day" } };

        await rig.Billing.TellAsync(other);
        await rig.Billing.TellAsync(one);
        await rig.Billing.TellAsync(other);

        var index = await Directory(rig.Billing).ReadAsync(default);
        Assert.Equal(("new", "bob"), (index.Find(KeyId.Of(Ann).Value)!.Team, index.Find(KeyId.Of(Bob).Value)!.Name));
        Assert.All(index.Keys, key => Assert.Equal(2_000_000, Assert.Single(key.Budgets).MicroDollars));
    }

    [Fact]
    public async Task Key_ThatIsToldNoMore_KeepsItsTeamForReports_AndHasNoBudget()
    {
        await using var rig = await BillingRig.StartAsync();
        await rig.Billing.TellAsync(Rosters.Of(Rosters.Key(Ann, "ann", team: "research", budgets: "5/day")));
        var next = Rosters.Of(Rosters.Key(Bob, "bob", budgets: "5/day"));
        await rig.Billing.TellAsync(next);
        Assert.True((await FindAsync(Ann)).IsInForce);

        rig.Billing.Clock.Advance(RosterStore.Holds + TimeSpan.FromSeconds(1));
        // While nobody tells, as with all gateways away, what was told last holds.
        Assert.True((await FindAsync(Ann)).IsInForce);
        Assert.Equal(HttpStatusCode.NotModified, await AskAsync(rig.Billing, next));

        Assert.Equal((false, "research", 0), ((await FindAsync(Ann)).IsInForce, (await FindAsync(Ann)).Team, (await FindAsync(Ann)).Budgets.Count));
        Assert.True((await FindAsync(Bob)).IsInForce);

        async Task<KeyFacts> FindAsync(string secret) => (await Directory(rig.Billing).ReadAsync(default)).Find(KeyId.Of(secret).Value)!;
    }

    [Fact]
    public async Task Keys_OfAnOwner_AreThoseOfSettingsAndThoseMadeAtRunTime()
    {
        await using var rig = await KeyRig.StartAsync(LedgerKind.Sqlite, postgres);
        var (made, _) = await rig.CreateAsync(new { name = "phone", owner = "ann@example.com", team = "Research", budgets = "7/month" });
        var (revoked, _) = await rig.CreateAsync(new { name = "lost", owner = "ann@example.com" });
        await rig.SendAsync(HttpMethod.Post, $"/admin/keys/{revoked}/revoke");
        var common = Rosters.Common with { Budgets = "1/day", Limits = new KeyLimits("60/minute") };
        await rig.Billing.TellAsync(
            new KeyRoster([Rosters.Key(Ann, "laptop", "Ann@Example.com", "research"), Rosters.Key(Bob, "bob", "bob@example.com")], common));

        var keys = await Directory(rig.Billing).OfOwnerAsync("ann@example.com", default);

        Assert.Equal(
            [("laptop", "research", true), ("lost", "", false), ("phone", "research", true)],
            keys.Select(key => (key.Name, key.Team, key.IsInForce)).OrderBy(key => key.Name).ToArray());
        Assert.Equal([BudgetPeriod.Month], keys.Single(key => key.Id == made).Budgets.Select(budget => budget.Period));
        Assert.All(keys, key => Assert.Equal("60/minute", key.Limits.Requests));
        Assert.Empty(await Directory(rig.Billing).OfOwnerAsync("", default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"keys":[],"common":{}}""")]
    [InlineData("""{"keys":[null],"common":COMMON}""")]
    [InlineData("""{"keys":[{"id":"fk-a-secret","name":"","owner":"","team":"","budgets":"","alertAt":""}],"common":COMMON}""")]
    [InlineData("""{"keys":[{"id":"KEY","name":"a\u0000b","owner":"","team":"","budgets":"","alertAt":""}],"common":COMMON}""")]
    [InlineData("""{"keys":[{"id":"KEY","name":"","owner":"","team":"","budgets":""}],"common":COMMON}""")]
    public async Task Body_ThatSaysNothing_Is400(string body)
    {
        await using var rig = await BillingRig.StartAsync();
        body = body.Replace("COMMON", """{"budgets":"","teams":{},"total":"","timeZone":"UTC","alertAt":""}""", StringComparison.Ordinal)
            .Replace("KEY", KeyId.Of(Ann).Value, StringComparison.Ordinal);

        using var answer = await SendAsync(rig.Billing, HttpMethod.Put, BillingHost.InternalToken, Encoding.UTF8.GetBytes(body));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.StatusCode, ErrorObject.Parse(await answer.Content.ReadAsStringAsync()).Code));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    public async Task WhoIsNoGateway_IsRefused(string method)
    {
        await using var rig = await BillingRig.StartAsync();

        using var answer = await SendAsync(rig.Billing, new HttpMethod(method), "not-the-token-of-this-service", Json(Rosters.Of()));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> AskAsync(BillingHost billing, KeyRoster roster)
    {
        using var answer = await SendAsync(billing, HttpMethod.Get, BillingHost.InternalToken, null, $"\"{KeyRoster.MarkOf(Json(roster))}\"");
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(BillingHost billing, HttpMethod method, string token, byte[]? body, string? mark = null)
    {
        using var request = new HttpRequestMessage(method, KeyRoster.Path) { Content = body is null ? null : new ByteArrayContent(body) };
        request.Headers.Add(InternalHeaders.Token, token);
        request.Headers.TryAddWithoutValidation("If-None-Match", mark);
        return await billing.Client.SendAsync(request).Guarded();
    }

    private static byte[] Json(KeyRoster roster) => JsonSerializer.SerializeToUtf8Bytes(roster, ContractsJson.Default.KeyRoster);

    private static KeyDirectory Directory(BillingHost billing) => billing.Services.GetRequiredService<KeyDirectory>();
}
