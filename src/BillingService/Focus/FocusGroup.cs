using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Focus;

/// <summary>What one key used of one model on one day.</summary>
internal sealed class FocusGroup(DateOnly day, string model, string key)
{
    private readonly Dictionary<FocusLine, Charge> _lines = [];

    public DateOnly Day => day;

    public string Model => model;

    public string Key => key;

    /// <summary>The lines in their order in the file, with what was used and what it cost.</summary>
    public IEnumerable<(FocusLine Line, Charge Charge)> Lines
        => _lines.OrderBy(l => l.Key.Tier, StringComparer.Ordinal).ThenBy(l => l.Key.Region, StringComparer.Ordinal)
            .ThenBy(l => l.Key.Meter, StringComparer.Ordinal).ThenBy(l => l.Key.UnitPrice).Select(l => (l.Key, l.Value));

    public bool Has(UsageDimensions what, DateOnly ofDay) => day == ofDay && model == what.Model && key == what.Key;

    public void Add(UsageDimensions what, IReadOnlyList<Charge> charges)
    {
        foreach (var charge in charges)
        {
            var line = new FocusLine(charge.Meter, what.Tier, what.Region, charge.UnitPrice);
            _lines[line] = _lines.TryGetValue(line, out var sum)
                ? sum with { Consumed = sum.Consumed + charge.Consumed, Dollars = sum.Dollars + charge.Dollars }
                : charge;
        }
    }
}
