using OpenAIProxy.Contracts;
using OpenAIProxy.Pricing.Checks;
using OpenAIProxy.Pricing.Costs;
using OpenAIProxy.Pricing.Files;
using OpenAIProxy.Pricing.Lookup;

namespace OpenAIProxy.Pricing;

/// <summary>What usage costs, at its date. Never changes once it is loaded, and may be used by many threads at once.</summary>
public sealed class PriceBook
{
    /// <summary>The size in bytes beyond which a file is taken for something else: all prices of the product are 60 KB.</summary>
    public const int LargestFile = 16 * 1024 * 1024;

    private const int HoursPerDay = 24;

    private static readonly int FirstDay = new DateOnly(1970, 1, 1).DayNumber;
    private static readonly IReadOnlyList<PriceRow> BuiltInRows = ReadBuiltIn();

    private readonly PriceTable _table;
    private readonly ModelLookup _models;

    private PriceBook(IReadOnlyList<PriceRow> own)
    {
        _table = PriceTable.Of(BuiltInRows, own);
        _models = new ModelLookup(_table);
    }

    /// <summary>The prices that come with the product.</summary>
    public static PriceBook BuiltIn { get; } = new([]);

    /// <summary>The prices that come with the product, and over them those of a file.</summary>
    /// <param name="overrides">
    /// The file, of the same form as the product's own prices.json; null for none. Its prices of a model replace the product's from their
    /// first date on, or all of them if one has no date.
    /// </param>
    /// <exception cref="PriceFileException">The file can't be read or used; lists all errors.</exception>
    public static PriceBook Load(string? overrides) => string.IsNullOrEmpty(overrides) ? BuiltIn : new(PriceFile.Read(overrides));

    /// <summary>The same of what such a file holds.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="overrides">Its bytes.</param>
    /// <exception cref="PriceFileException">They can't be used; lists all errors.</exception>
    public static PriceBook Parse(string file, ReadOnlyMemory<byte> overrides) => new(PriceFile.Parse(file, overrides, true));

    /// <summary>
    /// The cost of one row's usage, at the prices of its hour. Where nothing was used the cost is 0, whether there is a price or not;
    /// <see cref="UsageUnit.Unmetered"/> is always unpriced. What is priced by an assumption is marked as <see cref="Cost.IsAssumed"/>.
    /// The cost of a sum of rows is the sum of their costs, as far as upstream splits their tokens by kind.
    /// </summary>
    public Cost Price(UsageDimensions what, UsageCounts counts) => PriceAll(what, counts, null);

    /// <summary>The same, and the parts that have a price: tokens by kind, calls of tools.</summary>
    public Cost PriceParts(UsageDimensions what, UsageCounts counts, out IReadOnlyList<Charge> charges)
    {
        var list = new List<Charge>();
        charges = list;
        return PriceAll(what, counts, list);
    }

    /// <summary>
    /// True if the book lists exactly this model, alias or snapshot. It never guesses, as <see cref="Price"/> does about dates, spellings and
    /// fine-tuned models: callers can make up as many of those names as they like, and names that are known are as many as are listed.
    /// Costs one look-up and keeps nothing.
    /// </summary>
    public bool Knows(string model) => _table.Lists(model) && !model.StartsWith(UsageUnit.Tool, StringComparison.OrdinalIgnoreCase);

    /// <summary>The prices that come with the product, and over them <paramref name="own"/>.</summary>
    internal static PriceBook Of(IReadOnlyList<PriceRow> own) => new(own);

    /// <summary>What the models cost on <paramref name="day"/>, by name. Without those that have no price then.</summary>
    public IEnumerable<PriceListing> List(DateOnly day)
        => from named in _table.All
           orderby named.Key
           let row = InForce(named.Value, day)
           where row is { IsEmpty: false }
           select new PriceListing(
               named.Key, row.Kind, row.From == DateOnly.MinValue ? null : row.From, row.Tokens.GetValueOrDefault(ServiceTier.Default), row.IsOwn);

    /// <summary>
    /// What usage of <paramref name="model"/> is priced by on <paramref name="day"/>, found as <see cref="Price"/> finds it; null if it has no
    /// price then. A tool is found by <c>tool:</c> and its name.
    /// </summary>
    public PriceDetails? Find(string model, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(model);
        var rows = _models.Find(model, "");
        return InForce(rows, day) is { IsEmpty: false } row
            ? PriceDetails.Of(row, model, rows!.Select(r => (DateOnly?)r.From).FirstOrDefault(from => from > day))
            : null;
    }

    /// <summary>What is missing, inconsistent or uncertain in the prices as of <paramref name="today"/>, the worst first.</summary>
    public IReadOnlyList<PriceFinding> Check(DateOnly today) => PriceCheck.Run(_table, today);

    private Cost PriceAll(UsageDimensions what, UsageCounts counts, List<Charge>? charges)
    {
        ArgumentNullException.ThrowIfNull(what);
        ArgumentNullException.ThrowIfNull(counts);
        switch (what.Unit)
        {
            case UsageUnit.Free:
                return Cost.Free;
            case UsageUnit.Unmetered:
                return Cost.Unpriced;
            default:
                return PriceUsed(what, counts, charges);
        }
    }

    private Cost PriceUsed(UsageDimensions what, UsageCounts counts, List<Charge>? charges)
    {
        var day = Day(what.Hour);
        var model = InForce(_models.Find(what.Model, what.RequestedModel), day);
        if (what.Unit.StartsWith(UsageUnit.Tool, StringComparison.Ordinal))
        {
            var tool = InForce(_table.FindTool(what.Unit, out var size), day);
            return ToolCost.Of(tool, size, model, what, counts.Quantity, charges);
        }

        var cost = what.Unit == UsageUnit.Tokens
            ? TokenCost.Of(model, what, counts, charges)
            : UnitCost.Of(model, what.Unit, counts.Quantity, charges);
        if (charges is not null && model?.FactorIn(what.Region) is { } factor and not 1m)
        {
            for (var i = 0; i < charges.Count; i++)
            {
                charges[i] = charges[i].Times(factor);
            }
        }

        return cost.In(what.Region, model);
    }

    private static PriceRow? InForce(PriceRow[]? rows, DateOnly day)
    {
        for (var i = (rows?.Length ?? 0) - 1; i >= 0; i--)
        {
            if (rows![i].From <= day)
            {
                return rows[i];
            }
        }

        return null;
    }

    private static DateOnly Day(long hour)
        => DateOnly.FromDayNumber((int)Math.Clamp(Math.DivRem(hour, HoursPerDay).Quotient + FirstDay, 0, DateOnly.MaxValue.DayNumber));

    private static IReadOnlyList<PriceRow> ReadBuiltIn()
    {
        const string Name = "prices.json";
        using var stream = typeof(PriceBook).Assembly.GetManifestResourceStream(Name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return PriceFile.Parse(Name, bytes.ToArray(), false);
    }
}
