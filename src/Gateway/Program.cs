using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.ChatLog;
using OpenAIProxy.Gateway.Commands;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Keys;
using OpenAIProxy.Gateway.Limits;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.Gateway.Metering;
using OpenAIProxy.Gateway.Models;
using OpenAIProxy.Gateway.Pages;
using OpenAIProxy.Gateway.Stopping;
using OpenAIProxy.ServiceDefaults;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration.Reload;

namespace OpenAIProxy.Gateway;

/// <summary>The gateway: every OpenAI call goes through it.</summary>
public static class Program
{
    /// <summary>Runs the gateway, or one of its commands. Returns the command's exit code, or that of <see cref="Startup.Run"/>.</summary>
    public static int Main(string[] args)
        => GatewayCommands.Run(args, Console.Out, Console.Error) ?? Startup.Run("The gateway", () => Build(args).Run(), "--port, --urls or ASPNETCORE_URLS");

    /// <summary>Builds the gateway, ready to run.</summary>
    /// <exception cref="SettingsException">The configuration can't be used.</exception>
    public static WebApplication Build(string[] args) => Build(args, null);

    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust)
    {
        var builder = GatewayBuilder.Create(args, out var settings, out var addresses);
        var access = new AccessRules(settings.Access, settings.OpenAI);
        var limits = LimitExtensions.Create(settings.Limits, settings.Billing.Token);
        var budgets = new BudgetRules(settings.Budgets, access);
        builder.AddSettingsReload(GatewaySettings.All, () => GatewayReload.Read(args, settings, addresses, access, limits, budgets));
        builder.AddServiceDefaults("gateway", settings.Telemetry);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ServeOpenAIClients(settings.Listen, settings.Https, settings.Forwarding));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(settings.OpenAI);
        builder.Services.AddSingleton(access);
        builder.Services.AddListening(settings.Listen, settings.Https);
        builder.Services.AddForwarding(settings.Forwarding);
        builder.Services.AddBilling(settings.Billing);
        builder.Services.AddManagedKeys(ManagedKeySettings.Of(settings.Access.HasManagedKeys, settings.Metering.JournalDirectory));
        builder.Services.AddMetering(settings.Metering);
        builder.AddLimits(limits, budgets, settings.Metering.IsOn);
        builder.Services.AddRoster(settings.Metering.IsOn);
        builder.Services.AddModelLists();
        builder.Services.AddChatLog(settings.ChatLog);
        builder.Services.AddSingleton<GatewayPipeline>();
        builder.Services.AddHostedService<StartLog>();
        builder.Services.AddGracefulStop(settings.Forwarding);
        adjust?.Invoke(builder);

        var app = builder.Build();
        var pipeline = app.Services.GetRequiredService<GatewayPipeline>();
        // The defaults' span attributes stand before forwarding, routing after it: only the gateway's own pages are routed.
        app.UseServiceDefaults();
        app.Use(ownPages => context => pipeline.HandleAsync(context, ownPages));
        app.UseRouting();
        app.MapHomePage();
        return app;
    }
}
