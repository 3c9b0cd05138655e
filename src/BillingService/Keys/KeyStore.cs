using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys;

/// <summary>
/// The managed keys, beside the ledger. Each change and its line in the audit are one transaction, and the line's number is the version of the keys.
/// Safe for any number of callers and services.
/// </summary>
internal sealed class KeyStore(ILedgerDatabase database, LedgerState state, TimeProvider time)
{
    private volatile KeyBook? _book;

    /// <summary>How long both secrets may be valid during a rotation at most.</summary>
    public static TimeSpan LongestOverlap { get; } = TimeSpan.FromDays(30);

    /// <summary>How long both are valid if nothing else is said.</summary>
    public static TimeSpan UsualOverlap { get; } = TimeSpan.FromDays(1);

    /// <summary>Called when this service has changed a key.</summary>
    public event Action? Changed;

    /// <summary>The version of the keys in the database.</summary>
    /// <exception cref="LedgerAwayException">The database can't be read.</exception>
    public Task<long> VersionAsync(CancellationToken cancellationToken) => state.RunAsync(
        async token =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(token);
            return await KeyRows.VersionAsync(connection, null, token);
        },
        cancellationToken);

    /// <summary>All keys. Read from the database only if their version is another than the last time.</summary>
    /// <exception cref="LedgerAwayException">The database can't be read.</exception>
    public async Task<KeyBook> ReadAsync(CancellationToken cancellationToken)
    {
        var book = _book;
        if (book is not null && book.Version == await VersionAsync(cancellationToken))
        {
            return book;
        }

        return _book = await state.RunAsync(ReadBookAsync, cancellationToken);
    }

    /// <summary>The day, in UTC, on which each key was used last. Keys that never were are missing.</summary>
    /// <exception cref="LedgerAwayException">The database can't be read.</exception>
    public Task<Dictionary<string, DateOnly>> LastUsedAsync(CancellationToken cancellationToken) => state.RunAsync(
        async token =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(token);
            var days = await KeyRows.LastDaysAsync(database, connection, token);
            return days.ToDictionary(day => day.Key, day => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(day.Value)), StringComparer.Ordinal);
        },
        cancellationToken);

    /// <summary>The changes before a version, the newest first.</summary>
    /// <exception cref="LedgerAwayException">The database can't be read.</exception>
    public Task<IReadOnlyList<KeyChange>> ChangesAsync(string? key, long before, int limit, CancellationToken cancellationToken) => state.RunAsync(
        async token =>
        {
            await using var connection = await database.Source.OpenConnectionAsync(token);
            return await KeyRows.ChangesAsync(connection, key, before, limit, token);
        },
        cancellationToken);

    /// <summary>Makes a key. The secret is in the answer, and nowhere else.</summary>
    /// <exception cref="LedgerAwayException">The database can't be written.</exception>
    public Task<KeyResult> CreateAsync(IReadOnlyList<KeyValue> values, string actor, CancellationToken cancellationToken)
    {
        var secret = NewSecret.Create();
        var kept = NewSecret.Keep(secret);
        var id = Contracts.KeyId.Of(secret).Value;
        var record = KeyFields.Apply(new AccessKeyRecord { Id = id, Secrets = [kept] }, values, out var wrong);
        if (wrong.Count > 0)
        {
            return Task.FromResult(new KeyResult(KeyOutcome.IsWrong, Wrong: wrong));
        }

        var now = time.GetUtcNow();
        var key = new ManagedKey(record, now, now, null);
        return WriteAsync(
            async (transaction, token) =>
            {
                await KeyRows.WriteAsync(transaction, key, token);
                await AddAsync(transaction, key, KeyActions.Create, actor, [.. values.Select(value => value.Field.Name)], token);
                return new KeyResult(KeyOutcome.Done, key, secret);
            },
            cancellationToken);
    }

    /// <summary>Sets fields of a key; the others stay.</summary>
    /// <exception cref="LedgerAwayException">The database can't be written.</exception>
    public Task<KeyResult> UpdateAsync(string id, IReadOnlyList<KeyValue> values, string actor, CancellationToken cancellationToken) => ChangeAsync(
        id, actor, KeyActions.Update,
        key =>
        {
            if (key.Revoked is not null)
            {
                return new KeyResult(KeyOutcome.IsRevoked, key);
            }

            var record = KeyFields.Apply(key.Record, values, out var wrong);
            return wrong.Count > 0 ? new KeyResult(KeyOutcome.IsWrong, key, Wrong: wrong) : new KeyResult(KeyOutcome.Done, key with { Record = record });
        },
        cancellationToken);

    /// <summary>Gives a key another secret. The newest one before it stays valid for <paramref name="overlap"/>; any other ends now.</summary>
    /// <exception cref="LedgerAwayException">The database can't be written.</exception>
    public Task<KeyResult> RotateAsync(string id, TimeSpan overlap, string actor, CancellationToken cancellationToken)
    {
        var secret = NewSecret.Create();
        return ChangeAsync(
            id, actor, KeyActions.Rotate,
            key =>
            {
                if (key.Revoked is not null)
                {
                    return new KeyResult(KeyOutcome.IsRevoked, key);
                }

                var end = time.GetUtcNow() + overlap;
                IEnumerable<KeySecret> last = overlap > TimeSpan.Zero ? key.Record.Secrets.TakeLast(1).Select(old => old with { NotAfter = end }) : [];
                var record = key.Record with { Secrets = [.. last, NewSecret.Keep(secret)] };
                return new KeyResult(KeyOutcome.Done, key with { Record = record }, secret);
            },
            cancellationToken);
    }

    /// <summary>Ends a key for good. Its rules and its usage stay; of its secrets nothing does.</summary>
    /// <exception cref="LedgerAwayException">The database can't be written.</exception>
    public Task<KeyResult> RevokeAsync(string id, string actor, CancellationToken cancellationToken) => ChangeAsync(
        id, actor, KeyActions.Revoke,
        key => new KeyResult(
            KeyOutcome.Done,
            key.Revoked is null ? key with { Record = key.Record with { Secrets = [], Enabled = false }, Revoked = time.GetUtcNow() } : key),
        cancellationToken);

    /// <summary>Forgets a key. Its usage stays in the ledger, and its changes in the audit.</summary>
    /// <exception cref="LedgerAwayException">The database can't be written.</exception>
    public Task<KeyResult> DeleteAsync(string id, string actor, CancellationToken cancellationToken) => WriteAsync(
        async (transaction, token) =>
        {
            if (await KeyRows.FindAsync(transaction, id, token) is not { } key)
            {
                return new KeyResult(KeyOutcome.NotFound);
            }

            await KeyRows.DeleteAsync(transaction, id, token);
            await AddAsync(transaction, key, KeyActions.Delete, actor, [], token);
            return new KeyResult(KeyOutcome.Done, key);
        },
        cancellationToken);

    private Task<KeyResult> ChangeAsync(
        string id, string actor, string action, Func<ManagedKey, KeyResult> change, CancellationToken cancellationToken) => WriteAsync(
        async (transaction, token) =>
        {
            if (await KeyRows.FindAsync(transaction, id, token) is not { } key)
            {
                return new KeyResult(KeyOutcome.NotFound);
            }

            var result = change(key);
            // Records hold lists, which are compared by what is in them.
            if (result.Outcome != KeyOutcome.Done || AccessKeyJson.Write(result.Key!.Record) == AccessKeyJson.Write(key.Record))
            {
                return result;
            }

            var changed = result.Key with { Changed = time.GetUtcNow() };
            await KeyRows.WriteAsync(transaction, changed, token);
            var fields = KeyFields.All.Where(field => !field.Get(key.Record).SequenceEqual(field.Get(changed.Record))).Select(field => field.Name);
            await AddAsync(transaction, changed, action, actor, action == KeyActions.Update ? [.. fields] : [], token);
            return result with { Key = changed };
        },
        cancellationToken);

    private async Task<KeyResult> WriteAsync(Func<ILedgerTransaction, CancellationToken, Task<KeyResult>> change, CancellationToken cancellationToken)
    {
        var result = await state.WriteAsync(
            async token =>
            {
                await using var transaction = await Migrations.BeginAsync(database, token);
                var done = await change(transaction, token);
                await transaction.CommitAsync(token);
                return done;
            },
            cancellationToken);
        if (result.Outcome == KeyOutcome.Done)
        {
            Changed?.Invoke();
        }

        return result;
    }

    private async Task AddAsync(
        ILedgerTransaction transaction, ManagedKey key, string action, string actor, IReadOnlyList<string> fields, CancellationToken cancellationToken)
    {
        var version = await KeyRows.VersionAsync(transaction.Connection, transaction.DbTransaction, cancellationToken) + 1;
        var change = new KeyChange(version, time.GetUtcNow(), actor, action, key.Record.Id, key.Record.Name, fields);
        await KeyRows.AddAsync(transaction, change, cancellationToken);
    }

    // A change between the two reads would give keys a version that is not theirs: the version is read again behind them.
    private async Task<KeyBook> ReadBookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        while (true)
        {
            var version = await KeyRows.VersionAsync(connection, null, cancellationToken);
            var keys = await KeyRows.AllAsync(connection, null, cancellationToken);
            if (version == await KeyRows.VersionAsync(connection, null, cancellationToken))
            {
                return new KeyBook(version, keys);
            }
        }
    }
}
