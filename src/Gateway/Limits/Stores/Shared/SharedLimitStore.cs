using System.Collections.Concurrent;
using OpenAIProxy.Gateway.Limits.Stores.Memory;
using OpenAIProxy.Gateway.Limits.Stores.Redis;

namespace OpenAIProxy.Gateway.Limits.Stores.Shared;

/// <summary>
/// Counts in Redis, and beside it in this gateway's memory what this gateway lets pass, so that each knows its share while Redis is away. When Redis is
/// back, each tells it what was counted meanwhile, and all of it if Redis has lost it; its share holds on until the others have done so, too.
/// </summary>
internal sealed partial class SharedLimitStore : ILimitStore, IAsyncDisposable
{
    private static readonly TimeSpan AsksEvery = TimeSpan.FromSeconds(1);

    private readonly RedisLimitStore _redis;
    private readonly MemoryLimitStore _memory;
    private readonly Func<StoreSettings> _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<SharedLimitStore> _logger;
    private readonly ConcurrentDictionary<long, Decision> _leases = new();
    private readonly ITimer _timer;
    private readonly TimeSpan _renewsEvery;
    private long _renewed;
    private long _back;
    private string? _mark;
    private int _gateways = 1;
    private int _isAway;
    private volatile bool _isAsked;
    private int _isBusy;

    public SharedLimitStore(
        RedisLimitStore redis, MemoryLimitStore memory, LeaseTimes times, Func<StoreSettings> settings, TimeProvider time, ILogger<SharedLimitStore> logger)
    {
        _redis = redis;
        _memory = memory;
        _settings = settings;
        _time = time;
        _logger = logger;
        _renewsEvery = times.RenewedEvery;
        var every = times.RenewedEvery < AsksEvery ? times.RenewedEvery : AsksEvery;
        _timer = time.CreateTimer(_ => _ = TendAsync(), null, TimeSpan.Zero, every);
    }

    /// <summary>True while decisions are made without Redis.</summary>
    public bool IsAway => Volatile.Read(ref _isAway) == 1;

    /// <summary>True once Redis has answered, and since.</summary>
    public bool IsConnected => !IsAway && Volatile.Read(ref _renewed) != 0;

    /// <summary>How many gateways share the limits, as far as is known.</summary>
    public int Gateways => _settings().Gateways ?? Volatile.Read(ref _gateways);

    public async ValueTask<Decision> TakeAsync(Charge[] charges)
    {
        _isAsked = true;
        if (!IsAway)
        {
            var share = ShareBesideRedis();
            var decision = share == Share.None
                ? await TakeInRedisAsync(charges)
                : await TakeInBothAsync(charges, share);
            if (decision is not null)
            {
                return decision;
            }

            Away();
        }

        var settings = _settings();
        if (settings.OnFailure == StoreFailure.Closed)
        {
            return new Decision(charges) { IsUnavailable = true };
        }

        var alone = _memory.Take(charges, settings.OnFailure == StoreFailure.Open ? Share.None : new Share(Gateways, 0));
        Hold(alone);
        return alone;
    }

    public void Settle(Decision decision, ReadOnlySpan<long> amounts)
    {
        if (!decision.IsTaken)
        {
            return;
        }

        _memory.Settle(decision.Local ?? decision, amounts);
        var isHeld = _leases.TryRemove(decision.Id, out _);
        if (decision.Local is not null && decision.TrySettle())
        {
            _ = IsAway ? null : _redis.SettleAsync(decision, amounts.ToArray());
        }
        else if (isHeld && decision.Local is null && !IsAway)
        {
            // It was taken while Redis was away, which knows of its lease alone, since it has come back.
            _ = _redis.SettleLeaseAsync(decision, amounts.ToArray());
        }
    }

    public void Add(Charge[] charges)
    {
        _memory.Add(charges);
        if (!IsAway)
        {
            _ = _redis.AddAsync(charges);
        }
    }

    public async ValueTask<Level[]?> ReadAsync(Counter[] counters, CancellationToken cancellationToken)
    {
        if (!IsAway && await _redis.ReadAsync(counters, cancellationToken) is { } levels)
        {
            return levels;
        }

        return _settings().OnFailure == StoreFailure.Local ? await _memory.ReadAsync(counters, cancellationToken) : null;
    }

    public async ValueTask DisposeAsync() => await _timer.DisposeAsync();

    private async ValueTask<Decision?> TakeInRedisAsync(Charge[] charges)
    {
        var decision = await _redis.TakeAsync(charges);
        if (decision is { IsTaken: true })
        {
            decision.Local = _memory.Take(charges, Share.None);
            Hold(decision);
        }

        return decision;
    }

    private async ValueTask<Decision?> TakeInBothAsync(Charge[] charges, Share share)
    {
        var local = _memory.Take(charges, share);
        if (!local.IsTaken)
        {
            return local;
        }

        Decision? decision = null;
        try
        {
            decision = await _redis.TakeAsync(charges);
        }
        finally
        {
            if (decision is not { IsTaken: true })
            {
                _memory.Settle(local, new long[charges.Length]);
            }
        }

        if (decision is { IsTaken: true })
        {
            decision.Local = local;
            Hold(decision);
        }

        return decision;
    }

    // Until the other gateways have told Redis what they have counted.
    private Share ShareBesideRedis()
    {
        var back = Volatile.Read(ref _back);
        return back == 0 || _time.GetElapsedTime(back) > _renewsEvery ? Share.None : new Share(Gateways, 1);
    }

    private void Hold(Decision decision)
    {
        if (decision is { IsTaken: true, HasLease: true })
        {
            _leases[decision.Id] = decision;
        }
    }

    private void Away()
    {
        if (Interlocked.Exchange(ref _isAway, 1) == 0)
        {
            _memory.Mark();
            LogAway(_logger, _settings().OnFailure, Gateways);
        }
    }

    // Renews all leases now and then; while Redis is away, asks whether it is there again.
    private async Task TendAsync()
    {
        if (!_isAsked && !_settings().HasLimits)
        {
            return;
        }

        var isDue = _renewed == 0 || _time.GetElapsedTime(_renewed) >= _renewsEvery;
        if ((!IsAway && !isDue) || Interlocked.Exchange(ref _isBusy, 1) == 1)
        {
            return;
        }

        try
        {
            if (await _redis.RenewAsync([.. _leases.Values]) is not { } view || !await RestoreAsync(view))
            {
                // At the start it is still connecting.
                if (_renewed != 0)
                {
                    Away();
                }

                return;
            }

            Volatile.Write(ref _gateways, Math.Max(1, view.Gateways));
            Volatile.Write(ref _renewed, Math.Max(1, _time.GetTimestamp()));
            if (IsAway)
            {
                Volatile.Write(ref _back, _renewed);
                Volatile.Write(ref _isAway, 0);
                LogBack(_logger, view.Gateways);
            }
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    // If it fails in its middle, all is told again: better counted twice than not at all.
    private async ValueTask<bool> RestoreAsync(RedisView view)
    {
        var isLost = _mark is not null && _mark != view.Mark;
        if ((isLost || IsAway) && !await _redis.RestoreAsync(_memory.SinceMark(isLost)))
        {
            return false;
        }

        _mark = view.Mark;
        return true;
    }

    [LoggerMessage(2601, LogLevel.Warning,
        "Redis is unreachable, and the limits of several gateways are counted there. Until it answers: Limits:OnStoreFailure={OnFailure}; each of {Gateways} "
        + "gateways has its share of every limit if that is Local. Logged once.")]
    private static partial void LogAway(ILogger logger, StoreFailure onFailure, int gateways);

    [LoggerMessage(2602, LogLevel.Information, "Limits are counted in Redis again, by {Gateways} gateways.")]
    private static partial void LogBack(ILogger logger, int gateways);
}
