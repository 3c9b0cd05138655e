using Microsoft.AspNetCore.Builder;
using OpenAIProxy.ServiceDefaults.Health;
using OpenAIProxy.ServiceDefaults.Telemetry;

namespace OpenAIProxy.ServiceDefaults;

/// <summary>What every service of the app has: telemetry, health, and logs without secrets.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Adds the defaults.</summary>
    /// <param name="builder">The service's.</param>
    /// <param name="serviceName">Names the service in telemetry unless <c>OTEL_SERVICE_NAME</c> does.</param>
    /// <param name="telemetry">Which traces are exported.</param>
    public static void AddServiceDefaults(this WebApplicationBuilder builder, string serviceName, TelemetrySettings telemetry)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddTelemetry(serviceName, telemetry);
        builder.Services.AddHealth();
        builder.AddLoggingDefaults();
        // Over the switch of hosting platforms, ASPNETCORE_FORWARDEDHEADERS_ENABLED, which makes ASP.NET Core believe any X-Forwarded-For.
        // Who may be believed is a setting of ours.
        builder.Configuration["ForwardedHeaders_Enabled"] = "false";
    }

    /// <summary>Puts the defaults into the pipeline: span attributes where telemetry is on, and the health endpoints.</summary>
    public static void UseServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseTelemetry();
        app.MapHealth();
    }
}
