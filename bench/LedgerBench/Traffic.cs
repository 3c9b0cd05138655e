using System.Globalization;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.LedgerBench;

/// <summary>The usage of 50 keys over 10 models and 2 endpoints in 90 days, hour by hour, as gateways report it.</summary>
internal static class Traffic
{
    /// <summary>How many days.</summary>
    public const int Days = 90;

    private const int Keys = 50;
    private const int Models = 10;
    private const int Endpoints = 2;
    private const int Combinations = Keys * Models * Endpoints;

    // 2,000,000 in 90 days: most keys use most models in each hour.
    private const int RowsOfHour = 926;

    private static readonly string[] KeyNames = [.. Enumerable.Range(0, Keys).Select(i => KeyId.Of("key " + i.ToString(CultureInfo.InvariantCulture)).Value)];
    private static readonly string[] ModelNames =
        [.. Enumerable.Range(0, Models).Select(i => "gpt-5." + i.ToString(CultureInfo.InvariantCulture) + "-2026-01-01")];

    /// <summary>The first day.</summary>
    public static DateOnly First { get; } = new(2026, 1, 1);

    /// <summary>The id of a key.</summary>
    public static string Key(int number) => KeyNames[number];

    /// <summary>The rows, in the order of their hours.</summary>
    public static IEnumerable<UsageBatch> Batches(int rows, int batchSize)
    {
        var random = new Random(1);
        var firstHour = new DateTimeOffset(First, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds() / 3600;
        var batch = new List<UsageRow>(batchSize);
        for (long i = 0; i < rows; i++)
        {
            batch.Add(Row(random, firstHour + (i / RowsOfHour), (int)(i * 7 % Combinations)));
            if (batch.Count == batchSize || i == rows - 1)
            {
                yield return new UsageBatch(Guid.CreateVersion7(), batch);
                batch = new List<UsageRow>(batchSize);
            }
        }
    }

    private static UsageRow Row(Random random, long hour, int combination)
    {
        var what = new UsageDimensions(
            hour, KeyNames[combination % Keys], ModelNames[combination / Keys % Models], "", combination / Keys / Models == 0 ? "chat" : "responses",
            ServiceTier.Default, "", 0, UsageUnit.Tokens, false);
        var input = random.Next(100, 10_000);
        return new UsageRow(what, new UsageCounts { Requests = 3, Input = input, CachedInput = input / 2, Output = input / 4, ReasoningOutput = input / 8 })
        {
            Duration = new() { [random.Next(30, 36)] = 1, [random.Next(36, 44)] = 1, [random.Next(44, 56)] = 1 },
            FirstToken = new() { [random.Next(24, 28)] = 2, [random.Next(28, 36)] = 1 },
        };
    }
}
