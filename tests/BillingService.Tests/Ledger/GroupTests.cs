using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Batches that come while others are written.</summary>
public sealed class GroupTests(Postgres postgres)
{
    private static readonly LedgerQuery All = new(null, ManualClock.Today, ManualClock.Today.AddDays(1), ByKey: true, ByEndpoint: false);

    [Fact]
    public async Task Batches_ThatWaited_AreWrittenInFewTransactions()
    {
        await using var rig = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        var ledger = await rig.OpenAsync();

        await AllAtOnceAsync(rig, [.. Enumerable.Range(0, 40).Select(_ => (Func<Task<bool>>)(() => ledger.AddAsync(Rows.Batch(Rows.Of(1)), default)))]);

        Assert.InRange(await rig.NumberAsync("SELECT COUNT(DISTINCT CAST(xmin AS text)) FROM usage_batch"), 1, 4);
        Assert.Equal(Rows.Of(40).Counts, Assert.Single(await ledger.ReadAsync(All, default)).Counts);
    }

    [Theory, OnEachDatabase]
    public async Task Batch_SentTwiceAtOnce_IsNewOnce(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        var batch = Rows.Batch(Rows.Of(1));

        var added = await AllAtOnceAsync(rig, [.. Enumerable.Range(0, 10).Select(_ => (Func<Task<bool>>)(() => ledger.AddAsync(batch, default)))]);

        Assert.Single(added, isNew => isNew);
        Assert.Equal(Rows.Of(1).Counts, Assert.Single(await ledger.ReadAsync(All, default)).Counts);
    }

    [Theory, OnEachDatabase]
    public async Task Batch_ThatTheDatabaseRefuses_FailsAlone(LedgerKind kind)
    {
        await using var rig = await LedgerRig.CreateAsync(kind, postgres);
        var ledger = await rig.OpenAsync();
        await ledger.AddAsync(Rows.Batch(Rows.Of(1, key: Rows.OtherKey)), default);
        // One more is no number of 64 bits.
        await rig.ExecuteAsync($"UPDATE usage_hour SET requests = {long.MaxValue}");
        UsageBatch[] batches = [.. Enumerable.Range(0, 10).Select(i => Rows.Batch(Rows.Of(1, key: i == 5 ? Rows.OtherKey : Rows.Key)))];

        var refused = 0;
        await AllAtOnceAsync(rig, [.. batches.Select(batch => (Func<Task<bool>>)(async () =>
        {
            try
            {
                return await ledger.AddAsync(batch, default);
            }
            catch (LedgerAwayException) when (batch == batches[5])
            {
                refused++;
                return false;
            }
        }))]);

        Assert.Equal(1, refused);
        Assert.Equal(Rows.Of(9).Counts, (await ledger.ReadAsync(All, default)).Single(row => row.What.Key == Rows.Key).Counts);
    }

    [Fact]
    public async Task Batch_WhoseSenderGivesUp_TakesNobodyWithIt()
    {
        await using var rig = await LedgerRig.CreateAsync(LedgerKind.PostgreSql, postgres);
        var ledger = await rig.OpenAsync();
        using var sender = new CancellationTokenSource();
        Task<bool> gone;
        Task<bool> other;
        await using (await rig.Database().BeginAsync(default))
        {
            // One or the other may be what the transaction began for.
            Task<bool>[] first = [ledger.AddAsync(Rows.Batch(Rows.Of(1)), default), ledger.AddAsync(Rows.Batch(Rows.Of(1)), default)];
            gone = ledger.AddAsync(Rows.Batch(Rows.Of(100)), sender.Token);
            other = ledger.AddAsync(Rows.Batch(Rows.Of(1)), default);
            await sender.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
            _ = first;
        }

        Assert.True(await other);
        await HangGuard.Until(
            async () => (await ledger.ReadAsync(All, default)).SingleOrDefault()?.Counts.Requests ?? 0, requests => requests == 3,
            "the three others are there");
    }

    // Somebody else writes while all of them come.
    private static async Task<bool[]> AllAtOnceAsync(LedgerRig rig, Func<Task<bool>>[] sends)
    {
        Task<bool>[] tasks;
        await using (await rig.Database().BeginAsync(default))
        {
            tasks = [.. sends.Select(send => send())];
        }

        return await Task.WhenAll(tasks).Guarded();
    }
}
