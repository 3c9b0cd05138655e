using System.Text;
using System.Text.Json;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys.Rosters;

/// <summary>
/// What gateways tell of the keys in their settings, beside the ledger: it is there after a restart. Gateways with the same settings tell the same
/// roster. Of several, all hold that were told within <see cref="Holds"/> of the last one; where two say different things of a key, or for all keys, the
/// one whose settings are newer is right.
/// </summary>
internal sealed class RosterStore(ILedgerDatabase database, LedgerState state, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    // As long as a batch of usage has. Whether usage can be written, these writes don't tell: they are of other tables.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly long SecondsBetweenTouches = (long)(KeyRoster.Interval / 2).TotalSeconds;

    private volatile RosterBook? _book;

    /// <summary>
    /// How long a roster holds that isn't told any more while others are: some of its gateways' turns. While nobody tells, as when all gateways are
    /// away, the last ones hold on.
    /// </summary>
    public static TimeSpan Holds { get; } = KeyRoster.Interval * 5;

    /// <summary>Notes that a gateway's settings are still those of a roster. False if it isn't kept.</summary>
    /// <exception cref="LedgerAwayException">The database can't be read, or written.</exception>
    public async Task<bool> TouchAsync(string mark, CancellationToken cancellationToken)
    {
        var told = await state.RunAsync(
            async token =>
            {
                await using var connection = await database.Source.OpenConnectionAsync(token);
                return await RosterRows.ToldAsync(connection, null, token);
            },
            cancellationToken);
        if (told.FirstOrDefault(roster => roster.Mark == mark) is not { } known)
        {
            return false;
        }

        // Gateways with the same settings tell the same: most find it told, and nobody waits for the ledger.
        return known.Told > Now() - SecondsBetweenTouches
            || await WriteAsync(isShared: true, (transaction, now, token) => RosterRows.TouchAsync(transaction, mark, now, token), cancellationToken);
    }

    /// <summary>Keeps a roster, as the newest.</summary>
    /// <param name="json">It, as it was told.</param>
    /// <param name="roster">The same, read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerAwayException">The database can't be written.</exception>
    public Task AddAsync(byte[] json, KeyRoster roster, CancellationToken cancellationToken) => WriteAsync(
        isShared: false,
        async (transaction, now, token) =>
        {
            await RosterRows.DeleteAsync(transaction, now - (long)Kept.TotalSeconds, token);
            await RosterRows.WriteAsync(transaction, KeyRoster.MarkOf(json), Encoding.UTF8.GetString(json), now, token);
            await RosterRows.WriteAsync(transaction, roster.Keys, token);
            return true;
        },
        cancellationToken);

    /// <summary>All rosters together. Read from the database only if they are others than the last time.</summary>
    /// <exception cref="LedgerAwayException">The database can't be read.</exception>
    public Task<RosterBook> ReadAsync(CancellationToken cancellationToken) => state.RunAsync(
        async token =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(token);
            while (true)
            {
                var told = await RosterRows.ToldAsync(connection, null, token);
                var inForce = InForce(told);
                var version = string.Join(' ', inForce.Select(roster => $"{roster.Mark}@{roster.Since}"));
                if (_book is { } book && book.Version == version)
                {
                    return book;
                }

                var rosters = new List<KeyRoster>();
                foreach (var roster in inForce)
                {
                    // One may be forgotten between the two reads: then there are others.
                    if (await RosterRows.RosterAsync(connection, roster.Mark, token) is { } json)
                    {
                        rosters.Add(JsonSerializer.Deserialize(json, ContractsJson.Default.KeyRoster)!);
                    }
                }

                if (rosters.Count == inForce.Length)
                {
                    var known = await RosterRows.KeysAsync(connection, token);
                    var keys = rosters.SelectMany(roster => roster.Keys).DistinctBy(key => key.Id);
                    return _book = new RosterBook(version, [.. keys], rosters.Count == 0 ? null : rosters[0].Common, known);
                }
            }
        },
        cancellationToken);

    // The newest first.
    private static ToldRoster[] InForce(IReadOnlyList<ToldRoster> told)
    {
        var last = told.Count == 0 ? 0 : told.Max(roster => roster.Told);
        return [.. told.Where(roster => roster.Told >= last - (long)Holds.TotalSeconds)];
    }

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    private async Task<bool> WriteAsync(
        bool isShared, Func<ILedgerTransaction, long, CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await state.RunAsync(
                async token =>
                {
                    await using var transaction = isShared
                        ? await Migrations.BeginSharedAsync(database, token)
                        : await Migrations.BeginAsync(database, token);
                    var isDone = await write(transaction, Now(), token);
                    await transaction.CommitAsync(token);
                    return isDone;
                },
                limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LedgerAwayException(e);
        }
    }
}
