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
    public static AnswerMeter Create(MeterKind kind, RequestFacts facts, int status, string? contentType) => throw new NotImplementedException();
}
