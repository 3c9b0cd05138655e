using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>
/// Gives each combination of dimensions a number, and remembers it. To be used in a transaction only; what a transaction has found out is kept when
/// it was committed (<see cref="Keep"/>), for the numbers of one that was undone are given out again.
/// </summary>
internal sealed class Interning
{
    private const int MostRemembered = 50_000;
    private const int HashBytes = 16;

    private readonly Dictionary<UsageDimensions, DimensionIds> _found = [];
    private Dictionary<UsageDimensions, DimensionIds> _known = [];
    private volatile bool _isStale;

    /// <summary>
    /// A transaction failed. A database that comes back may have lost its last commits (a failover, a restore), and gives the numbers in them out
    /// again: what is remembered is looked up anew.
    /// </summary>
    public void ForgetCache() => _isStale = true;

    /// <summary>The numbers of each row's dimensions, whatever their hour.</summary>
    public async Task<DimensionIds[]> ResolveAsync(ILedgerTransaction transaction, IReadOnlyList<UsageRow> rows, CancellationToken cancellationToken)
    {
        _found.Clear();
        if (_isStale)
        {
            _isStale = false;
            _known = [];
        }

        var keys = new UsageDimensions[rows.Count];
        var missing = new HashSet<UsageDimensions>();
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = rows[i].What with { Hour = 0 };
            if (!_known.ContainsKey(keys[i]))
            {
                missing.Add(keys[i]);
            }
        }

        if (missing.Count > 0)
        {
            await FindAsync(transaction, missing, cancellationToken);
        }

        return Array.ConvertAll(keys, key => _known.GetValueOrDefault(key) ?? _found[key]);
    }

    /// <summary>Remembers what the transaction found that has just been committed.</summary>
    public void Keep()
    {
        if (_known.Count + _found.Count > MostRemembered)
        {
            _known = [];
        }

        foreach (var (key, ids) in _found)
        {
            _known[key] = ids;
        }

        _found.Clear();
    }

    private async Task FindAsync(ILedgerTransaction transaction, HashSet<UsageDimensions> missing, CancellationToken cancellationToken)
    {
        var all = new Dictionary<UsageDimensions, long>();
        foreach (var what in missing)
        {
            all[what] = all[Total(what)] = all[Latency(what)] = all[Latency(Total(what))] = 0;
        }

        await NumberAsync(transaction, all, cancellationToken);
        foreach (var what in missing)
        {
            _found[what] = new DimensionIds(all[what], all[Total(what)], all[Latency(what)], all[Latency(Total(what))]);
        }
    }

    private static async Task NumberAsync(ILedgerTransaction transaction, Dictionary<UsageDimensions, long> all, CancellationToken cancellationToken)
    {
        var dimensions = all.Keys.ToArray();
        var hashes = Array.ConvertAll(dimensions, Hash);
        await LookUpAsync();
        if (!all.ContainsValue(0))
        {
            return;
        }

        // Another service may just have given them numbers.
        await transaction.LockNumbersAsync(cancellationToken);
        await LookUpAsync();
        var added = Enumerable.Range(0, dimensions.Length).Where(i => all[dimensions[i]] == 0).ToArray();
        if (added.Length == 0)
        {
            return;
        }

        var last = await transaction.Connection.ExecuteScalarAsync<long>("SELECT coalesce(max(id), 0) FROM usage_dims", transaction: transaction.DbTransaction);
        foreach (var i in added)
        {
            all[dimensions[i]] = ++last;
        }

        await transaction.InsertAsync(
            "usage_dims", "",
            [
                new("id", Array.ConvertAll(added, i => all[dimensions[i]])), new("hash", Array.ConvertAll(added, i => hashes[i])),
                Texts("key", what => what.Key), Texts("model", what => what.Model), Texts("requested_model", what => what.RequestedModel),
                Texts("endpoint", what => what.Endpoint), Texts("tier", what => what.Tier), Texts("region", what => what.Region),
                Numbers("context", what => what.Context), Texts("unit", what => what.Unit), Numbers("estimated", what => what.Estimated ? 1 : 0),
                Texts("end_user", what => what.EndUser ?? ""),
            ],
            cancellationToken);

        Task LookUpAsync() => transaction.FindAsync(
            "usage_dims", "id", [new("hash", hashes)], (i, row) => all[dimensions[i]] = row.GetInt64(1), cancellationToken);
        Column Texts(string name, Func<UsageDimensions, string> text) => new(name, Array.ConvertAll(added, i => text(dimensions[i])));
        Column Numbers(string name, Func<UsageDimensions, long> number) => new(name, Array.ConvertAll(added, i => number(dimensions[i])));
    }

    private static UsageDimensions Total(UsageDimensions what) => what with { Key = "", EndUser = null };

    private static UsageDimensions Latency(UsageDimensions what) => new(0, what.Key, what.Model, "", what.Endpoint, "", "", 0, "", false);

    private static byte[] Hash(UsageDimensions what)
    {
        // No name holds a NUL: see CleanNames.
        var text = string.Join('\0', what.Key, what.Model, what.RequestedModel, what.Endpoint, what.Tier, what.Region,
            what.Context.ToString(CultureInfo.InvariantCulture), what.Unit, what.Estimated ? "1" : "0");
        // One without an end user has the hash that it had before there were any.
        text = what.EndUser is null ? text : $"{text}\0{what.EndUser}";
        return SHA256.HashData(Encoding.UTF8.GetBytes(text))[..HashBytes];
    }
}
