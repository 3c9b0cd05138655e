using System.Globalization;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>A month of thirty models, one with a name of eighty characters, and of forty keys: what a page must have room for.</summary>
internal static class ManyNames
{
    public const int Models = 30;
    public const int Keys = 40;

    /// <summary>80 characters, without a place to break them.</summary>
    public static readonly string LongName = "ft:gpt-4.1-mini-2025-04-14:acme-incorporated::" + new string('B', 34);

    public static string Key(int i) => KeyId.Of("sk-friend-" + i.ToString(CultureInfo.InvariantCulture)).Value;

    public static IReadOnlyList<UsageRow> Rows()
    {
        var rows = new List<UsageRow>();
        for (var day = 0; day < 30; day++)
        {
            for (var i = 0; i < Models; i++)
            {
                if ((day + i) % 3 == 0 || i == 0)
                {
                    rows.Add(Row(ManualClock.Today.AddDays(-day), Key((day + (i * 7)) % Keys), Model(i), 40 - i + day, i));
                }
            }
        }

        for (var key = 0; key < Keys; key++)
        {
            rows.Add(Row(ManualClock.Today, Key(key), "gpt-4o", 3 + key, 3));
        }

        return rows;
    }

    public static string Model(int i) => i switch
    {
        0 => LongName,
        1 => "gpt-5",
        2 => "gpt-4.1",
        3 => "gpt-4o",
        4 => "o3",
        5 => "gpt-5-mini",
        _ => string.Create(CultureInfo.InvariantCulture, $"our-own-model-number-{i}"),
    };

    private static UsageRow Row(DateOnly day, string key, string model, long calls, int i) => new(
        new UsageDimensions(
            new DateTimeOffset(day, new TimeOnly(i % 12, 0), TimeSpan.Zero).ToUnixTimeSeconds() / 3600, key, model, "", "chat", ServiceTier.Default, "", 0,
            UsageUnit.Tokens, i == 4),
        new UsageCounts
        {
            Requests = calls,
            Errors = calls % 7 == 0 ? 2 : 0,
            Cut = calls % 11 == 0 ? 1 : 0,
            Input = calls * 38_000,
            CachedInput = calls * 12_000,
            Output = calls * 8_400,
            ReasoningOutput = i is 1 or 4 ? calls * 3_000 : 0,
        })
    {
        Duration = new() { [LatencyBuckets.Of(900 + (130 * i))] = calls },
        FirstToken = new() { [LatencyBuckets.Of(240 + (40 * i))] = calls - (calls % 7 == 0 ? 2 : 0) },
    };
}
