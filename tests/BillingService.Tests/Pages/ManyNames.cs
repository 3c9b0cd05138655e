using System.Globalization;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>
/// A month of thirty models, one with a name of eighty characters, and of forty keys with their owners, teams and budgets: what a page must have room for.
/// </summary>
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

    /// <summary>Half of the keys with owners, teams and budgets, of every length, used by every part.</summary>
    public static KeyRoster Roster() => new(
        [
            .. Enumerable.Range(0, Keys / 2).Select(i => new RosterKey(
                Key(i), i == 3 ? new string('n', KeyLabel.LongestName) : $"key-{Text(i)}",
                i == 4 ? $"{new string('o', 100)}@example.com" : $"owner{Text(i / 2)}@example.com", Team(i),
                $"{Text(1 + (i * i))}/day;{Text(20 * (i + 1))}/month;1000000/total", "", new KeyLimits("60/minute;1000/day", "90k/minute"))),
        ],
        new RosterCommon(
            "", Enumerable.Range(0, 4).ToDictionary(Team, i => $"{Text(300 * (i + 1))}/month"), "5000/month", "Asia/Shanghai", "50 80 100",
            new KeyLimits(Concurrency: "5")));

    private static string Team(int i) => i % 4 == 3 ? new string('T', KeyLabel.LongestName) : $"team-{Text(i % 4)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

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
