using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Answers;

/// <summary>The lines of calls whose answer says nothing, or isn't there. Their tier is the default: which one was really used, only an answer says.</summary>
internal static class UsageLines
{
    /// <summary>A call that cost nothing. Its counts are shared: they are copied, not changed.</summary>
    public static UsageLine Free { get; } = new("", ServiceTier.Default, UsageUnit.Free, false, new UsageCounts());

    /// <summary>A call of which nobody knows what it used.</summary>
    public static UsageLine Unmetered(RequestFacts facts) => new(Cut(facts.Model), ServiceTier.Default, UsageUnit.Unmetered, false, new UsageCounts());

    /// <summary>A call of which no more is known than how it ended.</summary>
    public static UsageLine OfStatus(MeterKind kind, RequestFacts facts, int status)
        => kind is MeterKind.Unmetered && status < 300 ? Unmetered(facts) : Free;

    /// <summary>A call of which the status is known, and whose body can't be read.</summary>
    public static UsageLine OfUnread(RequestFacts facts, int status) => OfStatus(MeterKind.Unmetered, facts, status);

    /// <summary>A call that was sent and not answered: upstream may have worked on it. Reading an existing object starts no work upstream.</summary>
    public static UsageLine OfRequest(EndpointRow endpoint, RequestFacts facts) => endpoint.Kind switch
    {
        _ when facts.IsRead || endpoint.IsSocket => Free,
        MeterKind.Completion or MeterKind.Response or MeterKind.Embedding => Estimate(facts, UsageUnit.Tokens, new UsageCounts { Input = facts.InputEstimate }),
        MeterKind.Speech when facts.Characters > 0 => Estimate(facts, UsageUnit.Characters, new UsageCounts { Quantity = facts.Characters }),
        MeterKind.Free or MeterKind.Batch => Free,
        _ => Unmetered(facts),
    };

    /// <summary>The lines of a good answer of which only the beginning was looked at: <paramref name="seen"/> there, and estimates all of them.</summary>
    public static IReadOnlyList<UsageLine> OfBeginning(IReadOnlyList<UsageLine> seen, EndpointRow endpoint, RequestFacts facts)
        => seen is [{ Unit: UsageUnit.Free }] ? [OfRequest(endpoint, facts)]
            : [.. seen.Select(line => line.Unit is UsageUnit.Free or UsageUnit.Unmetered ? line : line with { Estimated = true })];

    /// <summary>The lines with the call itself counted in the first.</summary>
    /// <param name="lines">What was used.</param>
    /// <param name="isError">True if the call failed.</param>
    /// <param name="isCut">True if it did not reach its end.</param>
    /// <param name="owner">
    /// Whose the upstream's objects are, if not the operator's: they are counted once for each owner. Ids that some servers make are unique
    /// in one account only.
    /// </param>
    public static IReadOnlyList<UsageLine> WithCall(IReadOnlyList<UsageLine> lines, bool isError, bool isCut, string? owner)
    {
        var first = Owned(lines[0], owner);
        var counted = first with { Counts = first.Counts with { Requests = 1, Errors = isError ? 1 : 0, Cut = isCut ? 1 : 0 } };
        if (lines.Count == 1)
        {
            return [counted];
        }

        var all = new UsageLine[lines.Count];
        all[0] = counted;
        for (var i = 1; i < all.Length; i++)
        {
            all[i] = Owned(lines[i], owner);
        }

        return all;
    }

    /// <summary>A name that comes from outside, no longer than the ledger takes it; empty for none.</summary>
    public static string Cut(string? name)
        => name is null ? "" : name.Length <= UsageDimensions.LongestName ? name : name[..UsageDimensions.LongestName];

    private static UsageLine Owned(UsageLine line, string? owner)
        => owner is not null && line.Once is { } once ? line with { Once = $"{owner} {once}" } : line;

    private static UsageLine Estimate(RequestFacts facts, string unit, UsageCounts counts)
        => new(Cut(facts.Model), ServiceTier.Default, unit, true, counts);
}
