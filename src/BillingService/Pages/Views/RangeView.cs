namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>The days that the page shows.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last one.</param>
/// <param name="Today">Today.</param>
/// <param name="Preset">How many days up to today were asked for; null for a range of one's own.</param>
/// <param name="Wrong">What is wrong with the range asked for, in words; null if nothing is. Then the page shows another range.</param>
public sealed record RangeView(DateOnly From, DateOnly To, DateOnly Today, int? Preset, string? Wrong)
{
    /// <summary>The time zone of the days.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>What is wrong with the time zone asked for, in words; null if nothing is. Then the page is in another one.</summary>
    public string? WrongZone { get; init; }

    /// <summary>The choices of days up to today.</summary>
    public static IReadOnlyList<int> Presets { get; } = [1, 7, 30, 90];

    /// <summary>The range as it stands in an address.</summary>
    public (string Name, string? Value)[] Query => Preset is { } days
        ? [("days", Charts.Numbers.Count(days))]
        : [("from", Charts.Numbers.Day(From)), ("to", Charts.Numbers.Day(To))];
}
