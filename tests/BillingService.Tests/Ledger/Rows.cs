using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Usage for tests, on <see cref="ManualClock.Today"/> if no day is given.</summary>
internal static class Rows
{
    public static string Key { get; } = KeyId.Of("a key").Value;

    public static string OtherKey { get; } = KeyId.Of("another key").Value;

    public static long Today { get; } = Day(ManualClock.Today);

    /// <summary>A row with counts that differ from each other.</summary>
    public static UsageRow Of(long n = 1, long? hour = null, string? key = null, string model = "gpt-5.2", string endpoint = "chat", string unit = "tokens")
        => new(
            new UsageDimensions(hour ?? Today, key ?? Key, model, "", endpoint, ServiceTier.Default, "", 0, unit, false),
            new UsageCounts
            {
                Requests = n,
                Errors = 2 * n,
                Cut = 3 * n,
                Input = 4 * n,
                CachedInput = 5 * n,
                CacheWrite = 6 * n,
                AudioInput = 7 * n,
                CachedAudioInput = 8 * n,
                ImageInput = 9 * n,
                CachedImageInput = 10 * n,
                Output = 11 * n,
                ReasoningOutput = 12 * n,
                AudioOutput = 13 * n,
                ImageOutput = 14 * n,
                Quantity = 15 * n,
                CacheWrite12h = 16 * n,
            });

    public static UsageBatch Batch(params UsageRow[] rows) => new(Guid.CreateVersion7(), rows);

    /// <summary>The first hour of a day.</summary>
    public static long Day(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds() / 3600;
}
