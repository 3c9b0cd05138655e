using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Which rows of a report are asked for: so many, after the last one of the page before. Without a limit all of them are.</summary>
/// <param name="limit">How many rows; null for all.</param>
/// <param name="after">The last row of the page before; null for the first page.</param>
internal sealed class ReportPage(int? limit, ReportGroup? after)
{
    private const int Columns = 7;

    /// <summary>True if there is a limit: then the page is small enough to be held, and its end is told in its head.</summary>
    public bool IsLimited => limit is not null;

    /// <summary>What <c>after</c> of the next page is, once the rows have been read; null if there is none.</summary>
    public string? Next { get; private set; }

    /// <summary>The rows of the page. All of <paramref name="rows"/> are read in any case, so that the total is that of all.</summary>
    public async IAsyncEnumerable<UsageReportRow> Of(
        IAsyncEnumerable<UsageReportRow> rows, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        UsageReportRow? last = null;
        var count = 0;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            if (after is { } before && Group(row).CompareTo(before) <= 0)
            {
                continue;
            }

            if (count == limit)
            {
                Next ??= Mark(Group(last!));
                continue;
            }

            count++;
            last = row;
            yield return row;
        }
    }

    /// <summary>Reads <c>after</c>; null if it is none that a report by <paramref name="groupBy"/> gave.</summary>
    public static ReportGroup? Read(string text, GroupBy groupBy)
    {
        try
        {
            // ["2026-03-15","gpt-5",null,null,null,null,null]
            return JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(text)) is { Length: Columns } values
                && ReportQuery.Groups.Index().All(g => values[g.Index] is not null == groupBy.HasFlag(g.Item.Value))
                ? new ReportGroup(values[0] is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd") : null, values[1], values[2], values[3], values[4])
                {
                    Team = values[5],
                    Owner = values[6],
                }
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string Mark(ReportGroup group) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(
        (string?[])[group.OnDay is { } day ? DateRange.Text(day) : null, group.Model, group.Endpoint, group.Key, group.EndUser, group.Team, group.Owner]));

    private static ReportGroup Group(UsageReportRow row) => new(row.Day, row.Model, row.Endpoint, row.Key, row.EndUser) { Team = row.Team, Owner = row.Owner };
}
