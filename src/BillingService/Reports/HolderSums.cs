using OpenAIProxy.BillingService.Keys.Rosters;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>
/// The sums of usage that differs in nothing a report is by but in whose the keys are. The ledger can't sort by that; so many teams and owners as an
/// operator has are kept in memory.
/// </summary>
/// <param name="keys">Whose the keys are; null for a report that is not by it, which has one sum.</param>
/// <param name="groupBy">What the report is by.</param>
internal sealed class HolderSums(KeyIndex? keys, GroupBy groupBy)
{
    private readonly Dictionary<KeyHolder, FiguresSum> _sums = [];

    /// <summary>The sum that usage of a key belongs to; a new one if there is none yet.</summary>
    public FiguresSum Of(string key)
    {
        var holder = HolderOf(key);
        if (!_sums.TryGetValue(holder, out var sum))
        {
            _sums.Add(holder, sum = new FiguresSum());
        }

        return sum;
    }

    /// <summary>The sum that usage of a key belongs to; null if there is none.</summary>
    public FiguresSum? Find(string key) => _sums.GetValueOrDefault(HolderOf(key));

    /// <summary>All sums in the order of a report's rows, each with its group.</summary>
    /// <param name="group">What they have in common.</param>
    public IEnumerable<(ReportGroup Group, FiguresSum Sum)> Groups(ReportGroup group)
        => keys is null
            ? [(group, _sums[default])]
            : _sums.Select(sum => (Group: group with { Team = sum.Key.Team, Owner = sum.Key.Owner }, Sum: sum.Value)).OrderBy(sum => sum.Group);

    /// <summary>Begins anew.</summary>
    public void Clear() => _sums.Clear();

    private KeyHolder HolderOf(string key)
    {
        if (keys is null)
        {
            return default;
        }

        var facts = keys.Find(key);
        return new KeyHolder((groupBy & GroupBy.Team) != 0 ? facts?.Team ?? "" : null, (groupBy & GroupBy.Owner) != 0 ? facts?.Owner ?? "" : null);
    }
}
