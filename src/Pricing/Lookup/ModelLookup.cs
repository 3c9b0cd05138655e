using System.Collections.Concurrent;

namespace OpenAIProxy.Pricing.Lookup;

/// <summary>From the names of a usage row to the prices of its model.</summary>
internal sealed class ModelLookup(PriceTable table)
{
    // Names come from outside; beyond this many they are looked up each time.
    private const int MostKept = 4096;

    private readonly ConcurrentDictionary<(string Answered, string Asked), PriceRow[]?> _kept = new();
    private int _keptCount;

    /// <summary>
    /// The rows of the model: the answered name, the answered one without its date, the same of the one asked for, and the longest known name
    /// of which one of them is an edition (<see cref="ModelNames.IsEdition"/>). Null if it is none of them: a guess would be a wrong price.
    /// A fine-tuned model has a price of its own or none.
    /// </summary>
    public PriceRow[]? Find(string answered, string asked)
    {
        if (_kept.TryGetValue((answered, asked), out var rows))
        {
            return rows;
        }

        rows = Search(answered, asked);
        if (Volatile.Read(ref _keptCount) < MostKept && _kept.TryAdd((answered, asked), rows))
        {
            Interlocked.Increment(ref _keptCount);
        }

        return rows;
    }

    private PriceRow[]? Search(string answered, string asked)
    {
        if (ModelNames.IsFineTuned(answered))
        {
            return Named(answered);
        }

        return Named(answered) ?? Named(asked) ?? Edition(answered) ?? Edition(asked);
    }

    private PriceRow[]? Named(string name)
    {
        if (name.Length == 0)
        {
            return null;
        }

        if (ModelNames.IsFineTuned(name))
        {
            var tuned = ModelNames.FineTunedBase(name);
            return table.Find(name) ?? table.Find(tuned) ?? WithoutDate(tuned);
        }

        return table.Find(name) ?? WithoutDate(name) ?? (ModelNames.Translated(name) is { } translated ? Named(translated) : null);
    }

    private PriceRow[]? WithoutDate(string name) => ModelNames.WithoutDate(name) is { } model ? table.Find(model) : null;

    private PriceRow[]? Edition(string name)
    {
        if (ModelNames.IsFineTuned(name))
        {
            return null;
        }

        name = ModelNames.Translated(name) ?? name;
        for (var end = name.LastIndexOf('-'); end > 0; end = name.LastIndexOf('-', end - 1))
        {
            if (table.Find(name[..end]) is { } rows)
            {
                return ModelNames.IsEdition(name[(end + 1)..]) ? rows : null;
            }
        }

        return null;
    }
}
