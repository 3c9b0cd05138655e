using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>Three months of usage of two keys and of callers without one: every kind that the page shows, and the same each time.</summary>
internal static class SampleUsage
{
    public const string Admin = "admin-token-of-the-usage-page-tests";
    public const string Internal = "internal-token-of-the-usage-page-tests";

    /// <summary>A model that has no price.</summary>
    public const string OwnModel = "our-own-model";

    private static readonly string[] Models =
        ["gpt-5", "gpt-4.1", "gpt-4o", "o3", "gpt-5-mini", "o4-mini", "gpt-4.1-mini", "gpt-4o-mini", "gpt-5-nano", "gpt-5.1"];

    public static UsageBatch Create()
    {
        var rows = new List<UsageRow>();
        for (var day = 0; day < 90; day++)
        {
            var hour = Hour(ManualClock.Today.AddDays(-day));
            // Fewer at weekends, more as time goes by.
            var weight = (day % 7 is 1 or 2 ? 12 : 30) + (90 - day) / 3 + (day * 7 % 11);
            for (var i = 0; i < Models.Length; i++)
            {
                if ((day + i) % 4 != 0 || i < 4)
                {
                    rows.Add(Chat(hour, KeyId.Of(Keys.Secret).Value, Models[i], weight + i, i));
                }

                if (i % 3 == 0)
                {
                    rows.Add(Chat(hour, KeyId.Of(Keys.Other).Value, Models[i], weight / 3 + i, i));
                }
            }

            AddOthers(rows, hour, day);
        }

        return new UsageBatch(Guid.CreateVersion7(), rows);
    }

    private static UsageRow Chat(long hour, string key, string model, long calls, int i, bool estimated = false)
        => new(
            new UsageDimensions(hour + (i % 12), key, model, "", "chat", ServiceTier.Default, "", 0, UsageUnit.Tokens, estimated),
            new UsageCounts
            {
                Requests = calls,
                Errors = calls % 13 == 0 ? 3 : 0,
                Cut = calls % 17 == 0 ? 2 : 0,
                Input = calls * (1_900 - (100 * i)),
                CachedInput = calls * (600 - (50 * i)),
                Output = calls * (420 - (20 * i)),
                ReasoningOutput = i is 0 or 3 ? calls * 150 : 0,
            })
        {
            Duration = new() { [LatencyBuckets.Of(900 + (130 * i))] = calls - 1, [LatencyBuckets.Of(9_000)] = 1 },
            FirstToken = new() { [LatencyBuckets.Of(240 + (40 * i))] = calls },
        };

    private static void AddOthers(List<UsageRow> rows, long hour, int day)
    {
        if (day % 9 == 4)
        {
            rows.Add(Chat(hour, KeyId.Of(Keys.Secret).Value, OwnModel, 7, 2));
        }

        if (day % 11 == 3)
        {
            rows.Add(Chat(hour, KeyId.Of(Keys.Secret).Value, "gpt-4o", 5, 2, estimated: true));
        }

        if (day % 5 == 0)
        {
            rows.Add(Other(hour, "whisper-1", "transcriptions", UsageUnit.Milliseconds, 4, 312_500));
            rows.Add(Other(hour, "", "files", UsageUnit.Free, 11, 0));
            rows.Add(Chat(hour, UsageDimensions.Anonymous, "gpt-4o-mini", 9, 7));
        }
    }

    private static UsageRow Other(long hour, string model, string endpoint, string unit, long calls, long quantity) => new(
        new UsageDimensions(hour, KeyId.Of(Keys.Secret).Value, model, "", endpoint, ServiceTier.Default, "", 0, unit, false),
        new UsageCounts { Requests = calls, Quantity = quantity });

    private static long Hour(DateOnly day) => new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds() / 3600;
}
