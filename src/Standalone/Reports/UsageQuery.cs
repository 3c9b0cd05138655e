namespace OpenAIProxy.Standalone.Reports;

/// <summary>Which usage is asked for, as it was typed; null for the default of <c>/billing/usage</c>.</summary>
/// <param name="From">The first day.</param>
/// <param name="To">The last day.</param>
/// <param name="GroupBy">What rows are kept apart by.</param>
/// <param name="Zone">The time zone of the days.</param>
/// <param name="Key">The name or id of a key; null for all keys.</param>
internal sealed record UsageQuery(string? From, string? To, string? GroupBy, string? Zone, string? Key)
{
    /// <summary>The parameters of <c>/billing/usage</c>, and the flags that they are here.</summary>
    public static IReadOnlyList<(string Parameter, string Flag)> Names { get; } =
        [("start_date", "--from"), ("end_date", "--to"), ("group_by", "--group-by"), ("tz", "--tz")];

    /// <summary>Path and query.</summary>
    /// <param name="isCsv">True for CSV.</param>
    public string Target(bool isCsv)
    {
        string?[] values = [From, To, GroupBy, Zone];
        var parameters = Names.Zip(values).Where(p => p.Second is not null).Select(p => $"{p.First.Parameter}={Uri.EscapeDataString(p.Second!)}");
        return $"/billing/usage?{string.Join('&', parameters.Append($"format={(isCsv ? "csv" : "json")}"))}";
    }
}
