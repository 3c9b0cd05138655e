using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>The dearest groups of a report, what each cost on each day, and all others as one group. Takes groups one after the other.</summary>
/// <param name="most">How many groups are told apart.</param>
/// <param name="ofModels">True if the groups are models: then <see cref="Models"/> can be asked for.</param>
internal sealed class Ranking(int most, bool ofModels)
{
    // The cheapest first: it is the one that a dearer one takes the place of.
    private readonly PriorityQueue<RankedGroup, RankedGroup> _top = new(Comparer<RankedGroup>.Create((a, b) => b.CompareTo(a)));
    private readonly Dictionary<DateOnly, FiguresSum> _days = [];
    private readonly FiguresSum _rest = new();
    private readonly AskedNames? _asked = ofModels ? new AskedNames() : null;
    private Dictionary<DateOnly, decimal> _current = [];

    /// <summary>All groups together.</summary>
    public FiguresSum Total { get; } = new();

    /// <summary>How many groups are in <see cref="Rest"/>.</summary>
    public int RestCount { get; private set; }

    /// <summary>All groups that are not in <see cref="Top"/>, together.</summary>
    public UsageFigures Rest
    {
        get
        {
            _rest.SetTimes(Total, _top.UnorderedItems.Select(item => item.Element.Sum));
            return _rest.ToFigures();
        }
    }

    /// <summary>The dearest groups, the dearest first; of those that cost the same, the ones with more calls.</summary>
    public IReadOnlyList<RankedGroup> Top() => [.. _top.UnorderedItems.Select(item => item.Element).Order()];

    /// <summary>The same of models, with calls that failed under the name that was asked for at the model that answers to it.</summary>
    public IReadOnlyList<ModelGroup> Models() => _asked!.Join(Top());

    /// <summary>The figures of a day; null for one without usage. Without times.</summary>
    public UsageFigures? Day(DateOnly day) => _days.TryGetValue(day, out var sum) ? sum.ToFigures() : null;

    /// <summary>Adds what the group that comes next with <see cref="Add"/> used on a day.</summary>
    public void AddDay(DateOnly day, UsageRow row, Cost cost)
    {
        if (!_days.TryGetValue(day, out var sum))
        {
            _days.Add(day, sum = new FiguresSum());
        }

        sum.Add(row, cost);
        _asked?.Add(row);
        if (cost.Dollars != 0m)
        {
            _current[day] = _current.GetValueOrDefault(day) + cost.Dollars;
        }
    }

    public void Add(ReportGroup group, FiguresSum sum)
    {
        var added = new RankedGroup(group.Key ?? group.Team ?? group.Owner ?? group.Endpoint ?? group.Model ?? "", sum, _current);
        if (_top.Count < most)
        {
            _top.Enqueue(added, added);
            _current = [];
            return;
        }

        var least = _top.EnqueueDequeue(added, added);
        _rest.Add(least.Sum);
        RestCount++;
        _current = ReferenceEquals(least, added) ? Cleared(_current) : [];
    }

    private static Dictionary<DateOnly, decimal> Cleared(Dictionary<DateOnly, decimal> days)
    {
        days.Clear();
        return days;
    }
}
