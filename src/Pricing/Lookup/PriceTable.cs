using System.Collections.Frozen;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Lookup;

/// <summary>All prices by name; each name's rows in the order of their dates.</summary>
internal sealed class PriceTable
{
    private readonly FrozenDictionary<string, PriceRow[]> _rows;
    private readonly FrozenSet<string> _names;

    private PriceTable(Dictionary<string, PriceRow[]> rows)
    {
        _rows = rows.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _names = rows.Keys.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Every name, aliases too, with its rows.</summary>
    public IEnumerable<KeyValuePair<string, PriceRow[]>> All => _rows;

    /// <summary>The rows of exactly this name; null if there are none.</summary>
    public PriceRow[]? Find(string name) => _rows.GetValueOrDefault(name);

    /// <summary>
    /// The rows of a unit's tool, with its size or without: <c>tool:shell:4g</c> is the tool <c>tool:shell</c> in the size <c>4g</c>, unless
    /// there are rows of the whole name. Null if there are none.
    /// </summary>
    public PriceRow[]? FindTool(string unit, out string size)
    {
        size = "";
        if (Find(unit) is { } rows)
        {
            return rows;
        }

        var end = unit.LastIndexOf(':');
        size = unit[(end + 1)..];
        return end < UsageUnit.Tool.Length || size.Length == 0 ? null : Find(unit[..end]);
    }

    /// <summary>True if there is a row of this name in exactly this spelling.</summary>
    public bool Lists(string name) => _names.Contains(name);

    /// <summary>
    /// Puts an operator's rows over those that come with the product. They replace a model's rows from their first date on. What is another
    /// name of a model follows it, for a contract about gpt-4o is about its snapshots too, but not one that has prices of its own.
    /// </summary>
    public static PriceTable Of(IReadOnlyList<PriceRow> builtIn, IReadOnlyList<PriceRow> own)
    {
        var models = ByModel(builtIn);
        var aliases = Aliases(builtIn);
        var over = ByModel(own);
        // An alias that got a price of its own takes up from what its model costs, so models come first.
        foreach (var (name, rows) in over.OrderBy(o => aliases.ContainsKey(o.Key)))
        {
            models[name] = Over(models.GetValueOrDefault(name) ?? models.GetValueOrDefault(aliases.GetValueOrDefault(name, "")), rows);
        }

        foreach (var (name, model) in aliases)
        {
            models.TryAdd(name, models[model]);
        }

        foreach (var (name, model) in Aliases(own))
        {
            models[name] = Over(models.GetValueOrDefault(name), over[model]);
        }

        return new PriceTable(models);
    }

    private static Dictionary<string, PriceRow[]> ByModel(IEnumerable<PriceRow> rows) => rows
        .GroupBy(r => r.Model, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(g => g.Key, g => g.OrderBy(r => r.From).ToArray(), StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, string> Aliases(IEnumerable<PriceRow> rows) => rows
        .SelectMany(r => r.Also, (row, name) => (Name: name, row.Model))
        .DistinctBy(a => a.Name, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(a => a.Name, a => a.Model, StringComparer.OrdinalIgnoreCase);

    // What a model is stays as it was, for a contract says what it costs: whether it reasons, and what its searches are billed as.
    private static PriceRow[] Over(PriceRow[]? below, PriceRow[] rows)
    {
        if (below is null)
        {
            return rows;
        }

        var model = below[^1];
        return
        [
            .. below.Where(r => r.From < rows[0].From),
            .. rows.Select(r => r with { Reasons = r.Reasons ?? model.Reasons, InputPerCall = r.InputPerCall ?? model.InputPerCall }),
        ];
    }
}
