using System.Collections;

namespace OpenAIProxy.AppHost.Telemetry;

/// <summary>
/// Where the services send their telemetry: to the collector of the user's shell (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>), if it names one, else
/// to the dashboard.
/// </summary>
internal sealed class TelemetryTarget
{
    private const string Prefix = "OTEL_";
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly Dictionary<string, string> _variables;

    private TelemetryTarget(Dictionary<string, string> variables) => _variables = variables;

    /// <summary>The collector's address; null for the dashboard.</summary>
    public string? Collector => _variables.GetValueOrDefault(EndpointVariable);

    /// <summary>
    /// Reads OpenTelemetry's variables of the shell and takes them out of this process's environment: the dashboard inherits that, and would
    /// send spans of its own to the collector.
    /// </summary>
    public static TelemetryTarget TakeFromShell()
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
        foreach (var name in variables.Keys)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        if (string.IsNullOrWhiteSpace(variables.GetValueOrDefault(EndpointVariable)))
        {
            // Without an endpoint the rest is about a collector that isn't there.
            variables.Clear();
        }

        return new TelemetryTarget(variables);
    }

    /// <summary>Sets OpenTelemetry's variables of a service, over those that Aspire has set.</summary>
    public void Apply(IDictionary<string, object> environment)
    {
        // Aspire asks for retries in memory. The dashboard ends before the services: one that then tries to flush would end late.
        environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "";
        if (Collector is null)
        {
            return;
        }

        // The key of the dashboard is nothing for others to see, and its protocol not theirs.
        environment.Remove("OTEL_EXPORTER_OTLP_HEADERS");
        environment.Remove("OTEL_EXPORTER_OTLP_PROTOCOL");
        foreach (var (name, value) in _variables.Where(variable => variable.Key is not "OTEL_SERVICE_NAME"))
        {
            environment[name] = value;
        }
    }
}
