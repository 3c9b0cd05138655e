using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Writing;
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
    private LatencyRow? _onlyTimes;
    private Latency? _times;
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

    /// <summary>Adds how long calls took. False if a part of it is damaged, and was left out.</summary>
    public bool AddTimes(LatencyRow row) => (_times ??= new Latency()).TryAdd(row.Duration, row.FirstToken);

    /// <summary>Adds how long calls took, without looking at it before somebody asks: most groups have one row, and of most nobody asks.</summary>
    public void KeepTimes(LatencyRow row)
    {
        if (_times is null && _onlyTimes is null)
        {
            _onlyTimes = row;
        }
        else
        {
            LookAtTimes();
            AddTimes(row);
        }
    }

    /// <summary>Adds another sum, but for its times.</summary>
    public void Add(FiguresSum other)
    {
        _counts.Add(other._counts);
        _estimatedRequests += other._estimatedRequests;
        _unpricedRequests += other._unpricedRequests;
        _audioMilliseconds += other._audioMilliseconds;
        _videoMilliseconds += other._videoMilliseconds;
        _characters += other._characters;
        _images += other._images;
        _toolCalls += other._toolCalls;
        _dollars += other._dollars;
        _estimatedDollars += other._estimatedDollars;
        _hasUnpriced |= other._hasUnpriced;
    }

    /// <summary>Several sums as one, with their times.</summary>
    public static FiguresSum Join(IEnumerable<FiguresSum> sums)
    {
        var joined = new FiguresSum { _times = new Latency() };
        foreach (var sum in sums)
        {
            joined.Add(sum);
            joined._times.Add(sum.Times, 1);
        }

        return joined;
    }

    /// <summary>Takes as times those of <paramref name="all"/> that are not those of <paramref name="others"/>.</summary>
    public void SetTimes(FiguresSum all, IEnumerable<FiguresSum> others)
    {
        _times = new Latency();
        _times.Add(all.Times, 1);
        foreach (var other in others)
        {
            _times.Add(other.Times, -1);
        }
    }

    /// <summary>What comes first where the dearest do: by dollars, then by calls.</summary>
    public (decimal Dollars, long Requests) Weight => (_dollars, _counts.Requests);

    /// <summary>True if there were calls, and all of them failed and cost nothing.</summary>
    public bool HasOnlyFailures => _counts.Requests > 0 && _counts.Requests == _counts.Errors && _dollars == 0m && !_hasUnpriced;

    /// <summary>How long calls took on average, in milliseconds; null where nothing was timed.</summary>
    public double? MeanDuration => LatencyBuckets.Mean(Durations);

    public UsageFigures ToFigures() => new(_counts)
    {
        EstimatedRequests = _estimatedRequests,
        UnpricedRequests = _unpricedRequests,
        AudioSeconds = _audioMilliseconds / MillisecondsPerSecond,
        VideoSeconds = _videoMilliseconds / MillisecondsPerSecond,
        Characters = _characters,
        Images = _images,
        ToolCalls = _toolCalls,
        Dollars = Dollars(),
        EstimatedDollars = _estimatedDollars,
        IsUnpriced = _hasUnpriced,
        TimedRequests = Calls(Durations),
        TimedFirstTokens = Calls(FirstTokens),
        DurationP50 = LatencyBuckets.Quantile(Durations, Half),
        DurationP95 = LatencyBuckets.Quantile(Durations, Nearly),
        FirstTokenP50 = LatencyBuckets.Quantile(FirstTokens, Half),
        FirstTokenP95 = LatencyBuckets.Quantile(FirstTokens, Nearly),
    };

    private Latency? Times
    {
        get
        {
            LookAtTimes();
            return _times;
        }
    }

    private ReadOnlySpan<long> Durations => Times is { } times ? times.Duration : default;

    private ReadOnlySpan<long> FirstTokens => Times is { } times ? times.FirstToken : default;

    private static long Calls(ReadOnlySpan<long> histogram)
    {
        var calls = 0L;
        foreach (var count in histogram)
        {
            calls += count;
        }

        return calls;
    }

    // Free calls beside usage without a price would otherwise make $0 of it.
    private decimal? Dollars() => _dollars != 0m || !_hasUnpriced ? _dollars : null;

    private void LookAtTimes()
    {
        if (_onlyTimes is { } row)
        {
            _onlyTimes = null;
            AddTimes(row);
        }
    }

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
}
