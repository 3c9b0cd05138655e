namespace OpenAIProxy.BillingService.Reports;

/// <summary>Whose usage of which days.</summary>
/// <param name="Key">A key's id; null for all keys.</param>
/// <param name="Start">The first day.</param>
/// <param name="End">The day after the last.</param>
internal readonly record struct ReportScope(string? Key, DateOnly Start, DateOnly End)
{
    /// <summary>The ids of the keys where no <see cref="Key"/> is given; null for all.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>A model, as it answered; null for all.</summary>
    public string? Model { get; init; }

    /// <summary>The time zone of the days; null for UTC.</summary>
    public TimeZoneInfo? Zone { get; init; }
}
