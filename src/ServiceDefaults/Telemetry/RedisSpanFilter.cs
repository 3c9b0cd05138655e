using System.Diagnostics;
using OpenTelemetry;

namespace OpenAIProxy.ServiceDefaults.Telemetry;

/// <summary>
/// Leaves out of the traces what the Redis client does for itself or for a health check: PING, and commands that no request asked for. A
/// sampler would do it earlier, but then <c>OTEL_TRACES_SAMPLER</c> were without effect.
/// </summary>
internal sealed class RedisSpanFilter : BaseProcessor<Activity>
{
    // Of the instrumentation within Aspire.StackExchange.Redis.
    internal const string SourceName = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == SourceName && (data.ParentSpanId == default || data.DisplayName is "PING"))
        {
            // Exporters take what is recorded only.
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
