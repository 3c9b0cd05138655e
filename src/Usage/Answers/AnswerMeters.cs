using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Answers;

/// <summary>Makes the meter for an answer.</summary>
internal static class AnswerMeters
{
    /// <summary>The meter for an answer whose head is there.</summary>
    /// <param name="kind">How the endpoint is metered.</param>
    /// <param name="facts">What the request said.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="contentType">The answer's media type, as it came; null for none. It, and not the request, says whether it is a stream.</param>
    /// <param name="asked">Where what was asked of background responses is kept; null for nowhere.</param>
    /// <param name="owner">Whose the upstream's objects are, if not the operator's.</param>
    public static AnswerMeter Create(
        MeterKind kind, RequestFacts facts, int status, string? contentType, BackgroundRequests? asked = null, string? owner = null)
    {
        // A 3xx has no usage either.
        if (status >= 300)
        {
            return new FixedMeter(Line(UsageUnit.Free), isError: status >= 400);
        }

        var isStream = Is(contentType, "text/event-stream");
        var isJson = Is(contentType, "application/json") || (contentType?.Contains("+json", StringComparison.OrdinalIgnoreCase) ?? false);
        // Some servers stream under no name, or another.
        var isStreamInEffect = isStream || (facts.Stream && !isJson);
        return kind switch
        {
            MeterKind.Completion => new CompletionMeter(facts, isStreamInEffect),
            MeterKind.Embedding => new CompletionMeter(facts, isStream: false, isEmbedding: true),
            MeterKind.Response => new ResponseMeter(facts, isStreamInEffect, asked, owner),
            MeterKind.Transcription when !isStream && !isJson => new SubtitleMeter(),
            MeterKind.Transcription => new TranscriptionMeter(facts, isStream),
            MeterKind.Speech when !isStream && !isJson => new FixedMeter(SpeechMeter.Characters(facts), isEstimatedIfCut: true),
            MeterKind.Speech => new SpeechMeter(facts, isStream),
            MeterKind.Image => new ImageMeter(facts, isStream),
            MeterKind.Video => new VideoMeter(facts),
            MeterKind.Batch => new BatchMeter(facts),
            MeterKind.Container => new ContainerMeter(facts),
            MeterKind.Run => new RunMeter(facts, isStreamInEffect),
            MeterKind.Unmetered => new FixedMeter(Line(UsageUnit.Unmetered)),
            // Sockets are read by their own meter; where one was not granted, nothing was used.
            _ => new FixedMeter(Line(UsageUnit.Free)),
        };
    }

    private static UsageLine Line(string unit) => new("", ServiceTier.Default, unit, Estimated: false, new UsageCounts());

    private static bool Is(string? contentType, string type)
        => contentType is not null && contentType.AsSpan().TrimStart().StartsWith(type, StringComparison.OrdinalIgnoreCase);
}
