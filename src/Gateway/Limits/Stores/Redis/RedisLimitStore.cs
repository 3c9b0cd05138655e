using System.Globalization;
using System.Security.Cryptography;
using OpenAIProxy.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace OpenAIProxy.Gateway.Limits.Stores.Redis;

/// <summary>
/// Counts in Redis: one script for each decision. All names have one hash tag, so that in a cluster the counters of a decision, which are of a key, a
/// team and all callers together, are on one node.
/// </summary>
/// <param name="redis">The connection.</param>
/// <param name="times">How long leases last.</param>
internal sealed class RedisLimitStore(RedisConnection redis, LeaseTimes times)
{
    /// <summary>What all names begin with.</summary>
    public const string Prefix = "openaiproxy:{limits}:1:";

    private const int FieldsOfLease = 3;
    private const int DecisionsOfRenewal = 200;

    private const int RestoredAtOnce = 100;

    private static readonly RedisKey Gateways = Prefix + "gateways";
    private static readonly RedisKey Mark = Prefix + "mark";

    private readonly string _gateway = RandomNumberGenerator.GetHexString(12, lowercase: true);

    /// <summary>Decides. Null if Redis is away.</summary>
    public async ValueTask<Decision?> TakeAsync(Charge[] charges)
    {
        var decision = new Decision(charges);
        var arguments = new RedisValue[2 + (charges.Length * LimitScripts.Fields)];
        arguments[0] = LeaseOf(decision);
        arguments[1] = (long)times.Lasts.TotalMilliseconds;
        for (var i = 0; i < charges.Length; i++)
        {
            Write(arguments, i, charges[i].Counter, charges[i].Counter.Limit, charges[i].Amount);
        }

        if (await RunAsync(LimitScripts.Take, KeysOf(charges), arguments, CancellationToken.None) is not { } answer)
        {
            return null;
        }

        decision.RefusedBy = (int)(long)answer[0] - 1;
        decision.WaitMilliseconds = (long)answer[1];
        decision.TakenAt = (long)answer[2];
        for (var i = 0; i < charges.Length; i++)
        {
            decision.Levels[i] = LevelOf(answer, i, out var isShadowRefusal);
            decision.ShadowRefusals |= isShadowRefusal ? 1UL << i : 0;
        }

        return decision;
    }

    /// <summary>How full counters are. Null if Redis is away.</summary>
    public async ValueTask<Level[]?> ReadAsync(Counter[] counters, CancellationToken cancellationToken)
    {
        var arguments = new RedisValue[2 + (counters.Length * LimitScripts.Fields)];
        arguments[0] = RedisValue.EmptyString;
        arguments[1] = 0;
        for (var i = 0; i < counters.Length; i++)
        {
            Write(arguments, i, counters[i], counters[i].Limit, 0);
        }

        var keys = KeysOf(Array.ConvertAll(counters, counter => new Charge(counter, 0)));
        return await RunAsync(LimitScripts.Read, keys, arguments, cancellationToken) is { } answer
            ? [.. counters.Select((_, i) => LevelOf(answer, i, out var _))]
            : null;
    }

    /// <summary>Settles a decision that was made here. False if Redis is away.</summary>
    public Task<bool> SettleAsync(Decision decision, long[] amounts) => SettleAsync(decision.Charges, amounts, LeaseOf(decision), decision.TakenAt);

    /// <summary>Ends what was renewed here of a decision that was made elsewhere. False if Redis is away.</summary>
    public Task<bool> SettleLeaseAsync(Decision decision, long[] amounts)
        => SettleAsync(decision.Charges, amounts, LeaseOf(decision), 0, leasesOnly: true);

    /// <summary>Counts what was not asked for. False if Redis is away.</summary>
    public Task<bool> AddAsync(Charge[] charges)
        => SettleAsync(Array.ConvertAll(charges, charge => charge with { Amount = 0 }), Array.ConvertAll(charges, charge => charge.Amount), "", 0);

    /// <summary>Adds what was counted while Redis was away, or what it has lost. False if it is away.</summary>
    public async Task<bool> RestoreAsync(IReadOnlyList<SlidingAmounts> amounts)
    {
        foreach (var some in amounts.Chunk(RestoredAtOnce))
        {
            var done = await Task.WhenAll(some.Select(RestoreAsync));
            if (done.Contains(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Says that this gateway is there, and renews what it holds. Null if Redis is away.</summary>
    public async ValueTask<RedisView?> RenewAsync(IReadOnlyCollection<Decision> decisions)
    {
        RedisView? view = null;
        foreach (var some in decisions.Count == 0 ? [[]] : decisions.Chunk(DecisionsOfRenewal))
        {
            view = await RenewSomeAsync(some);
            if (view is null)
            {
                return null;
            }

            // One that was settled meanwhile may have been renewed behind its end.
            foreach (var decision in some.Where(d => d.IsSettled))
            {
                await SettleLeaseAsync(decision, new long[decision.Charges.Length]);
            }
        }

        return view;
    }

    private async ValueTask<RedisView?> RenewSomeAsync(Decision[] decisions)
    {
        var keys = new List<RedisKey> { Gateways, Mark };
        var arguments = new List<RedisValue>
        {
            _gateway, (long)times.Lasts.TotalMilliseconds, RandomNumberGenerator.GetHexString(16, lowercase: true),
        };
        foreach (var decision in decisions)
        {
            foreach (var (counter, amount) in decision.Charges)
            {
                if (counter.Kind != CounterKind.Sliding)
                {
                    Name(keys, counter);
                    arguments.AddRange([LeaseOf(decision), KindOf(counter), amount]);
                }
            }
        }

        System.Diagnostics.Debug.Assert(arguments.Count == 3 + (FieldsOfLease * ((keys.Count / 2) - 1)), "Three for each counter.");
        var (done, value) = await redis.TryAsync(
            database => database.ScriptEvaluateAsync(LimitScripts.Renew, [.. keys], [.. arguments]), CancellationToken.None);
        return done && (RedisResult[]?)value is [var gateways, var mark] ? new RedisView((int)gateways, (string)mark!) : null;
    }

    private async Task<bool> RestoreAsync(SlidingAmounts amounts)
    {
        RedisValue[] arguments = [amounts.SlotMilliseconds, .. amounts.Slots.SelectMany(slot => new RedisValue[] { slot.Age, slot.Amount })];
        var (done, _) = await redis.TryAsync(
            database => database.ScriptEvaluateAsync(LimitScripts.Restore, [Prefix + amounts.Name], arguments), CancellationToken.None);
        return done;
    }

    private async Task<bool> SettleAsync(Charge[] charges, long[] amounts, string lease, long takenAt, bool leasesOnly = false)
    {
        var changed = Enumerable.Range(0, charges.Length)
            .Where(i => charges[i].Counter.Kind != CounterKind.Sliding || (!leasesOnly && amounts[i] != charges[i].Amount)).ToArray();
        if (changed.Length == 0)
        {
            return true;
        }

        var arguments = new RedisValue[2 + (changed.Length * LimitScripts.Fields)];
        arguments[0] = lease;
        arguments[1] = takenAt;
        for (var i = 0; i < changed.Length; i++)
        {
            Write(arguments, i, charges[changed[i]].Counter, amounts[changed[i]], charges[changed[i]].Amount);
        }

        var keys = KeysOf([.. changed.Select(i => charges[i])]);
        var (done, _) = await redis.TryAsync(database => database.ScriptEvaluateAsync(LimitScripts.Settle, keys, arguments), CancellationToken.None);
        return done;
    }

    private async ValueTask<RedisResult[]?> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        var (done, value) = await redis.TryAsync(database => database.ScriptEvaluateAsync(script, keys, arguments), cancellationToken);
        return done ? (RedisResult[]?)value : null;
    }

    private static Level LevelOf(RedisResult[] answer, int at, out bool isShadowRefusal)
    {
        var first = 3 + (3 * at);
        isShadowRefusal = (long)answer[first + 2] == 1;
        return new Level((long)answer[first], (long)answer[first + 1]);
    }

    private static void Write(RedisValue[] arguments, int at, Counter counter, long limit, long amount)
    {
        var fields = arguments.AsSpan(2 + (at * LimitScripts.Fields), LimitScripts.Fields);
        fields[0] = KindOf(counter);
        fields[1] = limit;
        fields[2] = counter.SlotMilliseconds;
        fields[3] = amount;
        fields[4] = counter.IsShadow;
        fields[5] = counter.EndsAt;
        fields[6] = counter.Floor;
    }

    private static string KindOf(Counter counter) => counter.Kind switch
    {
        CounterKind.Sliding => "s",
        CounterKind.Concurrency => "c",
        _ => "p",
    };

    private static RedisKey[] KeysOf(Charge[] charges)
    {
        var keys = new List<RedisKey>(2 * charges.Length);
        foreach (var charge in charges)
        {
            Name(keys, charge.Counter);
        }

        return [.. keys];
    }

    private static void Name(List<RedisKey> keys, Counter counter)
    {
        var name = Prefix + counter.Name;
        keys.Add(name);
        keys.Add(counter.Kind == CounterKind.Period ? name + ":leases" : name);
    }

    private string LeaseOf(Decision decision) => string.Create(CultureInfo.InvariantCulture, $"{_gateway}.{decision.Id}");
}
