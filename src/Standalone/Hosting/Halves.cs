using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration.Reload;
using OpenAIProxy.ServiceDefaults.Telemetry;
using OpenAIProxy.Standalone.Transport;

namespace OpenAIProxy.Standalone.Hosting;

/// <summary>What gateway and billing service are given to be halves of one process.</summary>
internal static class Halves
{
    /// <summary>Where the gateway finds the billing service. No name server is asked: connections are made in memory.</summary>
    public const string BillingAddress = "http://billing";

    /// <summary>Those of the arguments that the gateway reads.</summary>
    public static string[] ForGateway(IReadOnlyList<string> args)
        => CommandLine.Select(args, GatewaySettings.All, ["port", "workers", .. ListenAddresses.Names, "environment", "contentRoot", ConfigFile.Option]);

    /// <summary>The same, and where the billing service is.</summary>
    /// <param name="args">The arguments of both.</param>
    /// <param name="internalToken">The secret by which the two know each other.</param>
    public static string[] ForGateway(IReadOnlyList<string> args, string internalToken)
        => [.. ForGateway(args), Secret(internalToken), $"--services:billing:http:0={BillingAddress}"];

    /// <summary>Those that the billing service reads.</summary>
    // Telemetry is collected once for the whole process, by the gateway's half.
    public static string[] ForBilling(IReadOnlyList<string> args)
        => [.. CommandLine.Select(args, BillingSettings.All, "environment", "contentRoot", ConfigFile.Option), $"--{TelemetryExtensions.EndpointVariable}="];

    /// <summary>Builds a billing service that is reached over <paramref name="transport"/> alone.</summary>
    /// <param name="args">The arguments of both.</param>
    /// <param name="internalToken">The secret by which the two know each other.</param>
    /// <param name="transport">The way to it.</param>
    /// <param name="adjust">What else is to be changed in it.</param>
    /// <exception cref="SettingsException">With all that is wrong in its settings.</exception>
    public static WebApplication BuildBilling(
        IReadOnlyList<string> args, string internalToken, MemoryTransport transport, Action<WebApplicationBuilder>? adjust = null)
        => BillingService.Program.Build([.. ForBilling(args), Secret(internalToken)], builder =>
        {
            ListenInMemory(builder, transport);
            adjust?.Invoke(builder);
        });

    private static string Secret(string token) => $"--{InternalSettings.Token.Name}={token}";

    private static void ListenInMemory(WebApplicationBuilder builder, MemoryTransport transport)
    {
        foreach (var addresses in ListenAddresses.Names)
        {
            // Those are the gateway's.
            builder.Configuration[addresses] = "";
        }

        // "Now listening on: memory" helps nobody.
        builder.Configuration["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning";
        builder.Services.AddSingleton<IConnectionListenerFactory>(transport);
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.Services.LeaveReloadToOther();
        builder.Services.AddServiceLogs();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Kestrel:Endpoints, too.
            kestrel.ConfigurationLoader = null;
            kestrel.Listen(new MemoryEndPoint());
        });
    }
}
