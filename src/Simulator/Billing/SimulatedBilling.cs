namespace OpenAIProxy.Simulator.Billing;

/// <summary>What keys have cost: made up, but the same for the same day and key, in every process.</summary>
public static class SimulatedBilling
{
    private static readonly string[] Items = ["gpt-5", "gpt-5-mini", "gpt-4o", "text-embedding-3-small"];

    /// <summary>
    /// The cost of a UTC day in US cents, with up to two decimals. About one day in six costs nothing.
    /// Days in the future cost too: the past is no part of the function.
    /// </summary>
    public static decimal CentsOn(DateOnly day, string key) => LineItemsOn(day, key).Sum(i => i.Cents);

    /// <summary>The same by model. The parts of a day sum up to <see cref="CentsOn"/>.</summary>
    internal static IReadOnlyList<LineItem> LineItemsOn(DateOnly day, string key)
    {
        var hash = Hash(day, key);
        if (hash % 6 == 0)
        {
            return [.. Items.Select(name => new LineItem(name, 0))];
        }

        // Tenths of cents such as 0.1 and 0.2 have no exact binary fraction: sums in floating point show it.
        return
        [
            new(Items[0], (hash >> 8) % 400 * 0.1m),
            new(Items[1], (hash >> 20) % 90 * 0.1m),
            new(Items[2], (hash >> 32) % 1000 * 0.01m),
            new(Items[3], (1 + ((hash >> 44) % 3)) * 0.1m),
        ];
    }

    /// <summary>FNV-1a, then a finalizer so that neighbouring days differ in all bits.</summary>
    private static ulong Hash(DateOnly day, string key)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in key)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }

        hash = (hash ^ (uint)day.DayNumber) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        return hash ^ (hash >> 33);
    }
}
