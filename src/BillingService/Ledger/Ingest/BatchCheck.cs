using System.Globalization;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Ingest;

/// <summary>
/// Whether a batch is one: what JSON can't promise. Names are free text within their length. Names only places and rules, never values,
/// which may be a caller's.
/// </summary>
internal static class BatchCheck
{
    private const int MostErrors = 20;
    private const int LongestOnce = 1024;

    // A sum of a million such counts is still a number.
    private const long LargestCount = 1_000_000_000_000;

    /// <summary>All that is wrong with it, up to a few dozen lines; empty if nothing is.</summary>
    public static IReadOnlyList<string> Errors(UsageBatch? batch)
    {
        var errors = new List<string>();
        if (batch is null || batch.Id == Guid.Empty || batch.Rows is null)
        {
            errors.Add("A batch has an id and rows.");
            return errors;
        }

        for (var i = 0; i < batch.Rows.Count; i++)
        {
            if (errors.Count >= MostErrors)
            {
                errors.Add("There may be more.");
                break;
            }

            Check(errors, $"rows[{i.ToString(CultureInfo.InvariantCulture)}]", batch.Rows[i]);
        }

        return errors;
    }

    /// <summary>True if a row can be shown: what is only shown is left out where it is wrong, and refuses nothing.</summary>
    public static bool IsGood(UsageRow? row)
    {
        var errors = new List<string>();
        Check(errors, "", row);
        return errors.Count == 0;
    }

    private static void Check(List<string> errors, string place, UsageRow? row)
    {
        if (row?.What is not { } what || row.Counts is not { } counts)
        {
            errors.Add($"{place}: a row has what and counts.");
            return;
        }

        // A wrong hour is no reason to refuse what was used: BatchTime puts it right.
        Require(what.Hour is >= 0 and <= LargestCount, "what.hour must be hours since 1970");
        Require(IsKey(what.Key), $"what.key must be a key's id or {UsageDimensions.Anonymous}");
        Require(IsName(what.Model), "what.model", isName: true);
        Require(IsName(what.RequestedModel), "what.requestedModel", isName: true);
        Require(IsName(what.Endpoint), "what.endpoint", isName: true);
        Require(IsName(what.Tier), "what.tier", isName: true);
        Require(IsName(what.Region), "what.region", isName: true);
        Require(IsName(what.Unit), "what.unit", isName: true);
        Require(what.EndUser is null || IsName(what.EndUser), "what.endUser", isName: true);
        Require(what.Context >= 0, "what.context must not be negative");
        Require(!counts.AsSpan().ContainsAnyExceptInRange(0, LargestCount), "counts must be from 0 to 10^12");
        Require(row.Once is null or { Length: > 0 and <= LongestOnce }, "once must have 1 to 1024 characters");
        Require(IsHistogram(row.Duration), "duration must be calls by bucket");
        Require(IsHistogram(row.FirstToken), "firstToken must be calls by bucket");

        void Require(bool holds, string rule, bool isName = false)
        {
            if (!holds)
            {
                errors.Add(isName ? $"{place}.{rule} must be a text of at most {UsageDimensions.LongestName} characters." : $"{place}.{rule}.");
            }
        }
    }

    private static bool IsKey(string? key) => key == UsageDimensions.Anonymous || KeyId.IsId(key);

    private static bool IsName(string? name) => name is { Length: <= UsageDimensions.LongestName };

    private static bool IsHistogram(Dictionary<int, long>? calls)
        => calls is null || calls.All(c => c is { Key: >= 0 and <= LatencyBuckets.Last, Value: >= 0 and <= LargestCount });
}
