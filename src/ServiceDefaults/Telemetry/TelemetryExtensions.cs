using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OpenAIProxy.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs over OTLP, by OpenTelemetry's standard environment variables; nothing at all without an endpoint.</summary>
internal static class TelemetryExtensions
{
    /// <summary>The variable that turns telemetry on. The Aspire dashboard sets it.</summary>
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static bool IsTelemetryOn(this IHostApplicationBuilder builder) => !string.IsNullOrWhiteSpace(builder.Configuration[EndpointVariable]);

    public static void AddTelemetry(this IHostApplicationBuilder builder, string serviceName)
    {
        if (!builder.IsTelemetryOn())
        {
            return;
        }

        var name = builder.Configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } configured ? configured : serviceName;
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            // Scopes hold the request's raw path.
            logging.IncludeScopes = false;
        });
        new TelemetryBuilder(builder.Services)
            .ConfigureResource(name)
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Yarp.ReverseProxy", "OpenAIProxy.*"))
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "OpenAIProxy.*")
                .AddView("http.server.request.duration", Durations)
                .AddView("http.client.request.duration", Durations))
            .WithLogging()
            .UseOtlpExporter();
        builder.Services.AddHostedService<TelemetryStart>();
    }

    /// <summary>Seconds. A reasoning model thinks for minutes; the default buckets end at 10 seconds.</summary>
    private static ExplicitBucketHistogramConfiguration Durations { get; } = new()
    {
        Boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640],
    };

    private static TelemetryBuilder ConfigureResource(this TelemetryBuilder builder, string serviceName)
    {
        Action<ResourceBuilder> resource = r => r.AddService(serviceName, autoGenerateServiceInstanceId: true).AddEnvironmentVariableDetector();
        builder.Services.ConfigureOpenTelemetryTracerProvider(p => p.ConfigureResource(resource));
        builder.Services.ConfigureOpenTelemetryMeterProvider(p => p.ConfigureResource(resource));
        builder.Services.ConfigureOpenTelemetryLoggerProvider(p => p.ConfigureResource(resource));
        return builder;
    }

    private sealed class TelemetryBuilder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services { get; } = services;
    }
}
