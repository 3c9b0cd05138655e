using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration.Reload;
using OpenAIProxy.ServiceDefaults.Telemetry;
using OpenAIProxy.Standalone.Transport;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace OpenAIProxy.Standalone.Hosting;

/// <summary>Gateway and billing service in one process: each as it builds itself, and a way from the one to the other in memory.</summary>
internal sealed class OneProcess : IAsyncDisposable
{
    private const string Name = "openai-proxy";

    // The gateway, the only one who asks, has stopped by then: what is still open was given up by its caller.
    private static readonly TimeSpan BillingStop = TimeSpan.FromSeconds(10);

    private OneProcess(WebApplication gateway, WebApplication billing)
    {
        Gateway = gateway;
        Billing = billing;
    }

    /// <summary>Every setting that one of the two knows.</summary>
    public static IReadOnlyList<Setting> Settings { get; } = [.. GatewaySettings.All.Concat(BillingSettings.All).DistinctBy(s => (s.Name, s.Meaning))];

    /// <summary>The half that is reached from outside.</summary>
    public WebApplication Gateway { get; }

    /// <summary>The half that only the other one reaches.</summary>
    public WebApplication Billing { get; }

    /// <summary>Builds both.</summary>
    /// <param name="args">The arguments of both; checked.</param>
    /// <param name="internalToken">The secret by which the two know each other.</param>
    /// <param name="check">What else is to hold, at every change too, and throws a <see cref="SettingsException"/>; null for nothing.</param>
    /// <exception cref="SettingsException">With all that is wrong in the settings of both.</exception>
    public static OneProcess Build(IReadOnlyList<string> args, string internalToken, Action? check = null)
    {
        var transport = new MemoryTransport();
        var errors = new List<string>();
        var billing = TryBuild(errors, () => Halves.BuildBilling(args, internalToken, transport));
        var gateway = TryBuild(errors, () => OpenAIProxy.Gateway.Program.Build(
            Halves.ForGateway(args, internalToken), builder => Adjust(builder, new BillingDial(transport.ConnectAsync))));
        if (gateway is null || billing is null)
        {
            throw new SettingsException([.. errors.Distinct()]);
        }

        // What the billing service logs is exported with the gateway's.
        foreach (var exporter in gateway.Services.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>())
        {
            billing.Services.GetRequiredService<ILoggerFactory>().AddProvider(exporter);
        }

        // Both halves change together, or neither.
        var reload = gateway.Services.GetRequiredService<SettingsReload>();
        reload.Add(billing.Services.GetRequiredService<SettingsPart>());
        if (check is not null)
        {
            reload.Add(check);
        }

        return new OneProcess(gateway, billing);
    }

    /// <summary>Runs until the process is told to stop.</summary>
    /// <param name="started">Called when it answers.</param>
    public async Task RunAsync(Action started)
    {
        await Billing.StartAsync();
        await using var ended = Billing.Lifetime.ApplicationStopping.Register(Gateway.Lifetime.StopApplication);
        try
        {
            await Gateway.StartAsync();
            started();
            await Gateway.WaitForShutdownAsync();
        }
        finally
        {
            using var limit = new CancellationTokenSource(BillingStop);
            await Billing.StopAsync(limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Billing.DisposeAsync();
    }

    private static WebApplication? TryBuild(List<string> errors, Func<WebApplication> build)
    {
        try
        {
            return build();
        }
        catch (SettingsException e)
        {
            errors.AddRange(e.Errors);
            return null;
        }
    }

    private static void Adjust(WebApplicationBuilder builder, BillingDial dial)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton(dial));
        builder.Services.AddServiceManagers();
        if (builder.Configuration.IsTelemetryOn())
        {
            builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource
                .AddService(Name, autoGenerateServiceInstanceId: true).AddEnvironmentVariableDetector());
        }
    }
}
