using System.Globalization;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.LedgerBench;

/// <summary>What gateways send each second: batches of a few rows, all of the same keys, models and hour, so that they add to the same rows.</summary>
internal static class SmallBatches
{
    /// <summary>Rows of a batch.</summary>
    public const int Rows = 8;

    /// <summary>Calls in each row.</summary>
    public const int CallsOfRow = 3;

    private const int Keys = 50;
    private const int Models = 4;

    private static readonly KeyLabel[] Labels =
        [.. Enumerable.Range(0, Keys).Select(i => new KeyLabel(Traffic.Key(i), "team-" + i.ToString(CultureInfo.InvariantCulture), "abcd"))];

    /// <summary>One batch. Its rows are of other keys and models each time.</summary>
    public static UsageBatch Next(Random random, DateTimeOffset now)
    {
        var hour = now.ToUnixTimeSeconds() / 3600;
        var combinations = new HashSet<int>();
        while (combinations.Count < Rows)
        {
            combinations.Add(random.Next(Keys * Models));
        }

        UsageRow[] rows = [.. combinations.Select(combination => Row(random, hour, combination))];
        return new UsageBatch(Guid.CreateVersion7(), rows) { Keys = [.. combinations.Select(c => c % Keys).Distinct().Select(key => Labels[key])] };
    }

    private static UsageRow Row(Random random, long hour, int combination)
    {
        var what = new UsageDimensions(
            hour, Traffic.Key(combination % Keys), "gpt-5." + (combination / Keys).ToString(CultureInfo.InvariantCulture), "", "chat",
            ServiceTier.Default, "", 0, UsageUnit.Tokens, false);
        var input = random.Next(100, 10_000);
        return new UsageRow(what, new UsageCounts { Requests = CallsOfRow, Input = input, CachedInput = input / 2, Output = input / 4 })
        {
            Duration = new() { [random.Next(30, 36)] = 1, [random.Next(36, 44)] = 1, [random.Next(44, 56)] = 1 },
            FirstToken = new() { [random.Next(24, 28)] = 2, [random.Next(28, 36)] = 1 },
        };
    }
}
