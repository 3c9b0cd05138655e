using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OpenAIProxy.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs over OTLP, by OpenTelemetry's standard environment variables; nothing at all without an endpoint.</summary>
public static class TelemetryExtensions
{
    /// <summary>The variable that turns telemetry on. The Aspire dashboard sets it.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds it.</summary>
    /// <param name="builder">The service's.</param>
    /// <param name="serviceName">Names the service unless <c>OTEL_SERVICE_NAME</c> does.</param>
    /// <param name="settings">Which traces are exported; null for all.</param>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string serviceName, TelemetrySettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (!builder.Configuration.IsTelemetryOn())
        {
            return;
        }

        // The runtime's own activities and meters. The Instrumentation packages listen to the same ones and add nothing needed here, but the
        // query of a request, where a key may stand: Aspire turns its redaction off in development.
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(serviceName, autoGenerateServiceInstanceId: true).AddEnvironmentVariableDetector())
            .WithTracing(tracing =>
            {
                tracing.AddSource("Microsoft.AspNetCore", "System.Net.Http", "OpenAIProxy.*").AddProcessor(new RedisSpanFilter());
                if (settings is { SampleRatio: < 1 })
                {
                    tracing.AddProcessor(services => new TailSampling(settings, services.GetRequiredService<TimeProvider>()));
                }
            })
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "OpenAIProxy.*")
                .AddView("http.server.request.duration", Durations)
                .AddView("http.client.request.duration", Durations))
            .WithLogging(null, logging =>
            {
                logging.IncludeFormattedMessage = true;
                // Scopes hold the request's raw path.
                logging.IncludeScopes = false;
            })
            .UseOtlpExporter();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<LastExport>();
    }

    /// <summary>Puts it into the pipeline, before all that is to be seen in a request's span.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.Configuration.IsTelemetryOn())
        {
            ServerSpanTags.Use(app);
        }
    }

    /// <summary>Leaves this request out of the traces: a health probe every few seconds is noise there.</summary>
    public static void LeaveOutOfTraces(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } span)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    /// <summary>True if there is an endpoint that telemetry goes to; without one, nothing is to be collected.</summary>
    public static bool IsTelemetryOn(this IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return !string.IsNullOrWhiteSpace(configuration[EndpointVariable]);
    }

    /// <summary>Seconds, up to 20 minutes. A reasoning model thinks for minutes; the default buckets end at 10 seconds.</summary>
    private static ExplicitBucketHistogramConfiguration Durations { get; } = new()
    {
        Boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1200],
    };
}
