using OpenAIProxy.Pricing.Lookup;

namespace OpenAIProxy.Pricing.Checks;

/// <summary>Looks through all prices.</summary>
internal static class PriceCheck
{
    public static IReadOnlyList<PriceFinding> Run(PriceTable table, DateOnly today)
    {
        // A name that follows another model has its rows, and nothing to add.
        var models = table.All.Where(n => n.Value.Any(r => string.Equals(r.Model, n.Key, StringComparison.OrdinalIgnoreCase))).OrderBy(n => n.Key).ToList();
        var withCache = models
            .Where(m => m.Value.Any(r => r.Tokens.Values.Any(p => p.CachedInput is not null))).Select(m => Family(m.Key)).ToHashSet();
        var findings = new List<PriceFinding>();
        foreach (var (model, rows) in models)
        {
            DateCheck.Run(model, rows, today, findings);
            foreach (var row in rows)
            {
                var about = new RowFindings(model, row, findings);
                ConsistencyCheck.Run(row, about);
                LongContextCheck.Run(row, about);
                CompletenessCheck.Run(row, about, withCache.Contains(Family(model)));
                CertaintyCheck.Run(row, about);
            }
        }

        return [.. findings.OrderByDescending(f => f.Severity)];
    }

    // gpt-5.2-pro is of the family gpt-5.2, o3-mini of o3.
    private static string Family(string model) => string.Join('-', model.Split('-').Take(model.StartsWith('o') ? 1 : 2));
}
