using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace OpenAIProxy.ServiceDefaults.Telemetry;

/// <summary>
/// Exports a share of the traces, and every span that failed or was slow with the spans above it. Decided when a span ends: a sampler decides
/// at its start, when nobody knows how it will go. The share is taken by trace id, as OpenTelemetry's own sampler does, so all services
/// export the same traces.
/// </summary>
internal sealed class TailSampling(TelemetrySettings settings, TimeProvider time) : BaseProcessor<Activity>
{
    private const string Kept = "kept";

    private readonly TraceIdRatioBasedSampler _ratio = new(settings.SampleRatio);

    public override void OnEnd(Activity data)
    {
        if (IsInShare(data))
        {
            return;
        }

        if (HasFailed(data) || data.GetCustomProperty(Kept) is not null || IsOfASlowCall(data))
        {
            // The spans above end later. They are kept with this one, or its trace would begin in the middle.
            for (var above = data.Parent; above is not null; above = above.Parent)
            {
                above.SetCustomProperty(Kept, Kept);
            }

            return;
        }

        // Exporters take what is recorded only.
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    private bool IsInShare(Activity span)
        => _ratio.ShouldSample(new SamplingParameters(default, span.TraceId, span.DisplayName, span.Kind)).Decision is SamplingDecision.RecordAndSample;

    // A server span with a 4xx has no error for OpenTelemetry: the fault is the client's. Who runs the gateway wants to see it all the same.
    private static bool HasFailed(Activity span)
        => span.Status == ActivityStatusCode.Error || span.GetTagItem("http.response.status_code") is >= 400;

    // The call is the outermost span of this process. While it runs it has no duration yet.
    private bool IsOfASlowCall(Activity span)
    {
        var call = span;
        while (call.Parent is { } above)
        {
            call = above;
        }

        var taken = call == span ? span.Duration : time.GetUtcNow().UtcDateTime - call.StartTimeUtc;
        return taken >= settings.SlowAfter;
    }
}
