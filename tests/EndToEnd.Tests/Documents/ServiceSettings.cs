using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>The environment variables that each service understands, by the service's short name: <c>gateway</c> or <c>billing</c>.</summary>
internal static class ServiceSettings
{
    /// <summary>Variables of .NET, OpenTelemetry and Aspire's references, which are no settings of ours.</summary>
    public static readonly string[] Known =
        ["ASPNETCORE_HTTP_PORTS", "PORT", "OTEL_SERVICE_NAME", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS",
            "ConnectionStrings__cache", "ConnectionStrings__ledger", "services__billing__http__0", "services__billing__https__0"];

    private static readonly string[] ConnectionStrings = ["ConnectionStrings__cache", "ConnectionStrings__ledger"];

    /// <summary>The settings of a service.</summary>
    public static IReadOnlyList<Setting> Of(string service)
        => service == "gateway" ? GatewaySettings.All : BillingSettings.All;

    /// <summary>Every name under which one of the <paramref name="settings"/> can be set, and the names in <see cref="Known"/>.</summary>
    public static IEnumerable<string> NamesOf(IEnumerable<Setting> settings)
        => settings.SelectMany(s => s.Aliases.Append(VariableOf(s))).Concat(Known);

    /// <summary>The names under which a service is given what nobody may read: secret settings, and connection strings, which hold passwords.</summary>
    public static IEnumerable<string> SecretNamesOf(string service)
        => Of(service).Where(s => s.Secret).SelectMany(s => s.Aliases.Append(VariableOf(s))).Concat(ConnectionStrings);

    /// <summary>A setting's hierarchical name as an environment variable.</summary>
    public static string VariableOf(Setting setting) => setting.Name.Replace(":", "__", StringComparison.Ordinal);
}
