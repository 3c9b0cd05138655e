using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Writing;

/// <summary>Names come from callers, and PostgreSQL has no text with a NUL in it. One bad name must not hold up everybody's usage.</summary>
internal static class CleanNames
{
    /// <summary>The rows, with U+FFFD for each NUL.</summary>
    public static IReadOnlyList<UsageRow> Of(IReadOnlyList<UsageRow> rows)
        => rows.Any(IsUnclean) ? [.. rows.Select(row => IsUnclean(row) ? Clean(row) : row)] : rows;

    private static bool IsUnclean(UsageRow row)
    {
        var what = row.What;
        return HasNul(what.Model) || HasNul(what.RequestedModel) || HasNul(what.Endpoint) || HasNul(what.Tier) || HasNul(what.Region)
            || HasNul(what.Unit) || HasNul(what.Key) || what.EndUser is "" || HasNul(what.EndUser ?? "");
    }

    private static UsageRow Clean(UsageRow row) => row with
    {
        What = row.What with
        {
            Key = Clean(row.What.Key),
            Model = Clean(row.What.Model),
            RequestedModel = Clean(row.What.RequestedModel),
            Endpoint = Clean(row.What.Endpoint),
            Tier = Clean(row.What.Tier),
            Region = Clean(row.What.Region),
            Unit = Clean(row.What.Unit),
            // None is null, so that each combination has one hash.
            EndUser = string.IsNullOrEmpty(row.What.EndUser) ? null : Clean(row.What.EndUser),
        },
    };

    private static bool HasNul(string name) => name.Contains('\0', StringComparison.Ordinal);

    private static string Clean(string name) => name.Replace('\0', '\uFFFD');
}
