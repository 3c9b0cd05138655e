using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Adds up rows that have been priced.</summary>
internal sealed class FiguresSum
{
    private const decimal MillisecondsPerSecond = 1000m;
    private const double Half = 0.5;
    private const double Nearly = 0.95;

    private readonly UsageCounts _counts = new();
    private Dictionary<int, long>? _duration;
    private Dictionary<int, long>? _firstToken;
    private long _estimatedRequests;
    private long _unpricedRequests;
    private long _audioMilliseconds;
    private long _videoMilliseconds;
    private long _characters;
    private long _images;
    private long _toolCalls;
    private decimal _dollars;
    private decimal _estimatedDollars;
    private bool _hasUnpriced;

    /// <summary>Adds a row's usage and what it cost.</summary>
    public void Add(UsageRow row, Cost cost)
    {
        var (what, counts) = (row.What, row.Counts);
        _counts.Add(counts);
        AddQuantity(what.Unit, counts.Quantity);
        _dollars += cost.Dollars;
        if (what.Estimated || cost.IsAssumed)
        {
            _estimatedRequests += counts.Requests;
            _estimatedDollars += cost.Dollars;
        }

        if (cost.IsUnpriced)
        {
            _unpricedRequests += counts.Requests;
            _hasUnpriced = true;
        }
    }

    /// <summary>Adds how long a row's calls took.</summary>
    public void AddTimes(UsageRow row)
    {
        Add(ref _duration, row.Duration);
        Add(ref _firstToken, row.FirstToken);
    }

    public UsageFigures ToFigures() => new(
        _counts.Requests, _counts.Errors, _counts.Cut, _estimatedRequests, _unpricedRequests,
        _counts.Input, _counts.CachedInput, _counts.CacheWrite, _counts.AudioInput, _counts.ImageInput,
        _counts.Output, _counts.ReasoningOutput, _counts.AudioOutput, _counts.ImageOutput,
        _audioMilliseconds / MillisecondsPerSecond, _characters, _images, _toolCalls,
        Dollars(), _estimatedDollars, _hasUnpriced,
        Quantile(_duration, Half), Quantile(_duration, Nearly), Quantile(_firstToken, Half), Quantile(_firstToken, Nearly))
    {
        VideoSeconds = _videoMilliseconds / MillisecondsPerSecond,
        CacheWrite12h = _counts.CacheWrite12h,
    };

    // Free calls beside usage without a price would otherwise make $0 of it.
    private decimal? Dollars() => _dollars != 0m || !_hasUnpriced ? _dollars : null;

    private void AddQuantity(string unit, long quantity)
    {
        switch (unit)
        {
            case UsageUnit.Milliseconds:
                _audioMilliseconds += quantity;
                break;
            case UsageUnit.Characters:
                _characters += quantity;
                break;
            case not null when unit.StartsWith(UsageUnit.Image, StringComparison.Ordinal):
                _images += quantity;
                break;
            case not null when unit.StartsWith(UsageUnit.Video, StringComparison.Ordinal):
                _videoMilliseconds += quantity;
                break;
            case not null when unit.StartsWith(UsageUnit.Tool, StringComparison.Ordinal) || unit.StartsWith(UsageUnit.Search, StringComparison.Ordinal):
                _toolCalls += quantity;
                break;
            default:
                break;
        }
    }

    private static void Add(ref Dictionary<int, long>? sum, Dictionary<int, long>? calls)
    {
        foreach (var (bucket, count) in calls ?? [])
        {
            sum ??= [];
            sum[bucket] = sum.GetValueOrDefault(bucket) + count;
        }
    }

    private static double? Quantile(Dictionary<int, long>? calls, double quantile) => calls is null ? null : LatencyBuckets.Quantile(calls, quantile);
}
