using OpenAIProxy.Pricing.Files;

namespace OpenAIProxy.Pricing.Updates;

/// <summary>What an operator's price file becomes with newer prices.</summary>
/// <param name="Content">The file's bytes.</param>
/// <param name="Kept">Models whose prices stay as they were in the file.</param>
/// <param name="Models">How many models have prices in the file.</param>
public sealed record PriceUpdate(ReadOnlyMemory<byte> Content, IReadOnlyList<string> Kept, int Models)
{
    private const string Contract = "contract";

    /// <summary>
    /// Puts the prices of <paramref name="update"/> into a file. Prices of models that it doesn't know stay, and so do those that are said to
    /// be by <c>contract</c>: a list of public prices knows nothing of either. What the update has only as another name of a model
    /// stays as well, unless the file's row names that model, too.
    /// </summary>
    /// <param name="source">The name of the update, for messages.</param>
    /// <param name="update">The newer prices, a whole price file.</param>
    /// <param name="file">The name of the file, for messages.</param>
    /// <param name="current">What the file holds; null if there is none yet.</param>
    /// <param name="today">The day as of which prices are checked.</param>
    /// <exception cref="PriceFileException">One of both can't be used, or the result has prices that contradict each other.</exception>
    public static PriceUpdate Of(string source, ReadOnlyMemory<byte> update, string file, byte[]? current, DateOnly today)
    {
        var newer = PriceFile.Parse(source, update, true);
        if (newer.Count == 0)
        {
            throw new PriceFileException(source, ["has no prices"]);
        }

        var older = current is null ? [] : PriceFile.Parse(file, current, true);
        var known = newer.Select(r => r.Model).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var named = newer.SelectMany(r => r.Also).Concat(known).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var kept = older.GroupBy(r => r.Model, StringComparer.OrdinalIgnoreCase)
            .Where(rows => rows.Any(r => r.Confidence == Contract) || !IsReplaced(rows))
            .Select(rows => rows.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = older.Where(r => kept.Contains(r.Model)).SelectMany(r => r.Also).Concat(kept).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Not a byte is changed without need: what was written by hand, or signed, stays readable and the same.
        var content = kept.Count == 0 ? update : PriceFileMerge.Write(update, current, older, kept, names);
        Verify(source, content, older, today);
        return new PriceUpdate(content, [.. kept.Order(StringComparer.OrdinalIgnoreCase)], known.Count(m => !names.Contains(m)) + kept.Count);

        // Also under another of its names: the update may call a model by its date what the file calls the other way round.
        bool IsReplaced(IGrouping<string, PriceRow> rows)
            => named.Contains(rows.Key) && rows.SelectMany(r => r.Also).Append(rows.Key).Any(known.Contains);
    }

    // As the service will read it. What contradicted itself before is no fault of the update.
    private static void Verify(string source, ReadOnlyMemory<byte> content, IReadOnlyList<PriceRow> older, DateOnly today)
    {
        var before = Errors(PriceBook.Of(older), today).ToHashSet();
        var errors = Errors(PriceBook.Of(PriceFile.Parse(source, content, true)), today).Where(e => !before.Contains(e)).ToList();
        if (errors.Count > 0)
        {
            throw new PriceFileException(source, errors);
        }
    }

    private static IEnumerable<string> Errors(PriceBook book, DateOnly today)
        => book.Check(today).Where(f => f.Severity == PriceSeverity.Error).Select(f => $"{f.Model}: {f.Message}");
}
