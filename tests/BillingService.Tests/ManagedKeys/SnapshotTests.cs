using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.BillingService.Keys.Snapshots;
using OpenAIProxy.BillingService.Tests.Ledger;

namespace OpenAIProxy.BillingService.Tests.ManagedKeys;

/// <summary>What gateways are told of managed keys.</summary>
public sealed class SnapshotTests(Postgres postgres)
{
    [Theory, OnEachDatabase]
    public async Task Snapshot_OfAnotherVersion_IsAnsweredAtOnce(LedgerKind kind)
    {
        await using var rig = await KeyRig.StartAsync(kind, postgres);
        var empty = await rig.SnapshotAsync(null);
        var (id, secret) = await rig.CreateAsync(new { name = "ann" });

        var next = await rig.SnapshotAsync(0);
        // As of a ledger that was restored from an earlier backup.
        var back = await rig.SnapshotAsync(7);

        Assert.Equal("""{"version":0,"keys":[]}""", empty.Text);
        Assert.Equal(1, next.Json.GetProperty("version").GetInt64());
        Assert.Equal(id, next.Json.GetProperty("keys")[0].GetProperty("id").GetString());
        Assert.DoesNotContain(secret[3..], next.Text, StringComparison.Ordinal);
        Assert.Equal(next.Text, back.Text);
    }

    [Theory, OnEachDatabase]
    public async Task Snapshot_ThatIsWaitedFor_ComesWithTheChange(LedgerKind kind)
    {
        await using var rig = await KeyRig.StartAsync(kind, postgres);
        var waiting = rig.SnapshotAsync(0);
        await HangGuard.Until(() => rig.Billing.Waiting > 0, "the question waits");

        Assert.False(waiting.IsCompleted);
        await rig.CreateAsync(new { name = "ann" });

        Assert.Equal(1, (await waiting.Guarded()).Json.GetProperty("version").GetInt64());
    }

    [Theory, OnEachDatabase]
    public async Task Snapshot_ThatIsWaitedForAtAnotherService_ComesWithItsNextLook(LedgerKind kind)
    {
        await using var rig = await KeyRig.StartAsync(kind, postgres);
        await using var other = await rig.StartAnotherAsync();
        var waiting = KeyRig.SnapshotAsync(other.Billing, 0);
        await HangGuard.Until(() => other.Billing.Waiting > 0, "the question waits");

        await rig.CreateAsync(new { name = "ann" });

        Assert.Equal(1, (await waiting.Guarded()).Json.GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Snapshot_WithoutAChange_IsNoContentAfterAWhile()
    {
        await using var rig = await KeyRig.StartAsync(LedgerKind.Sqlite, postgres);
        rig.Billing.Services.GetRequiredService<SnapshotEndpoint>().Wait = TimeSpan.FromMilliseconds(1);

        Assert.Equal(HttpStatusCode.NoContent, (await rig.SnapshotAsync(0)).Status);
    }

    [Fact]
    public async Task Snapshot_ForNobodyButGateways()
    {
        await using var rig = await KeyRig.StartAsync(LedgerKind.Sqlite, postgres);

        Assert.Equal(HttpStatusCode.Unauthorized, (await rig.Billing.GetAsync("/internal/keys", KeyRig.AdminToken)).Status);
    }
}
