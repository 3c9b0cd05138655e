using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Metering.Requests;

namespace OpenAIProxy.Gateway.Metering.Answers;

/// <summary>Makes the meter for an answer.</summary>
internal static class AnswerMeters
{
    /// <summary>The meter for an answer whose head is there.</summary>
    /// <param name="kind">How the endpoint is metered.</param>
    /// <param name="facts">What the request said.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="contentType">The answer's media type, as it came; null for none. It, and not the request, says whether it is a stream.</param>
    public static AnswerMeter Create(MeterKind kind, RequestFacts facts, int status, string? contentType)
    {
        if (status >= 400)
        {
            return new FixedMeter(Line(UsageUnit.Free), isError: true);
        }

        var isStream = Is(contentType, "text/event-stream");
        return kind switch
        {
            MeterKind.Free => new FixedMeter(Line(UsageUnit.Free)),
            MeterKind.Completion => new CompletionMeter(facts, isStream),
            MeterKind.Embedding => new CompletionMeter(facts, isStream, isEmbedding: true),
            MeterKind.Response => new ResponseMeter(facts, isStream),
            _ => new FixedMeter(Line(UsageUnit.Unmetered)),
        };
    }

    private static UsageLine Line(string unit) => new("", ServiceTier.Default, unit, Estimated: false, new UsageCounts());

    private static bool Is(string? contentType, string type)
        => contentType is not null && contentType.AsSpan().TrimStart().StartsWith(type, StringComparison.OrdinalIgnoreCase);
}
