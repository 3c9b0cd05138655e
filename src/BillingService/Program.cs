using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Alerts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Budgets;
using OpenAIProxy.BillingService.Caching;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.BillingService.Focus;
using OpenAIProxy.BillingService.Keys;
using OpenAIProxy.BillingService.Keys.Admin;
using OpenAIProxy.BillingService.Keys.Rosters;
using OpenAIProxy.BillingService.Keys.Snapshots;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Ingest;
using OpenAIProxy.BillingService.Pages;
using OpenAIProxy.BillingService.Queries;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.BillingService.SignIn.Oidc;
using OpenAIProxy.BillingService.Upstream;
using OpenAIProxy.ServiceDefaults;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration.Reload;
using OpenAIProxy.ServiceDefaults.Redis;

namespace OpenAIProxy.BillingService;

/// <summary>The billing service: what a key has cost, in the shapes that OpenAI's clients know.</summary>
public static class Program
{
    /// <summary>Runs the service, or one of its commands. Returns the command's exit code, or that of <see cref="Startup.Run"/>.</summary>
    public static int Main(string[] args)
        => CommandRunner.Run(args, Console.Out, Console.Error) ?? Startup.Run("The billing service", () => Build(args).Run());

    /// <summary>Composes the service from command line arguments and environment, without starting it.</summary>
    /// <exception cref="SettingsException">The configuration can't be used.</exception>
    public static WebApplication Build(string[] args) => Build(args, null);

    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust)
    {
        CommandLine.Check(args, BillingSettings.All, ConfigFile.Option);
        var builder = Startup.CreateBuilder(args);
        var settings = BillingSettings.Read(builder.Configuration);
        builder.AddSettingsReload(BillingSettings.All, () => BillingSettings.ReadAgain(args));

        builder.AddServiceDefaults("billing", settings.Telemetry);
        builder.AddRedis("cache");
        builder.ListenStrictly();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(settings.OpenAI);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddAccounts(settings.Accounts);
        builder.Services.AddUpstream(settings.Upstream);
        builder.Services.AddCaching(settings.Cache);
        builder.AddLedger(settings.Ledger);
        builder.Services.AddIngest();
        builder.Services.AddKeys();
        builder.Services.AddKeyAdmin();
        builder.Services.AddKeySnapshots();
        builder.Services.AddKeyRosters();
        builder.Services.AddReports(settings.Prices);
        builder.Services.AddBudgets();
        builder.Services.AddAlerts(settings.Alerts);
        builder.Services.AddFocus();
        builder.Services.AddQueries(settings.Queries);
        builder.Services.AddSignIn();
        builder.Services.AddOidc(settings.Oidc);
        builder.Services.AddPages(hasProvider: settings.Oidc is not null);
        builder.Services.AddHostedService<StartLog>();
        adjust?.Invoke(builder);

        var app = builder.Build();
        // Outermost: what goes wrong further in still gets OpenAI's error object.
        app.UseMiddleware<ErrorAnswers>();
        app.UseMiddleware<RefuseUnknownGateways>();
        app.UseServiceDefaults();
        app.MapIngest().AddEndpointFilter<GatewaysOnly>();
        app.MapAlerts().AddEndpointFilter<GatewaysOnly>();
        app.MapBudgets().AddEndpointFilter<IEndpointConventionBuilder, GatewaysOnly>();
        app.MapKeySnapshots().AddEndpointFilter<GatewaysOnly>();
        app.MapKeyRosters().AddEndpointFilter<IEndpointConventionBuilder, GatewaysOnly>();
        app.MapKeyAdmin();
        app.MapBilling();
        app.MapPages();
        if (settings.Oidc is not null)
        {
            app.MapProviderSignIn();
        }

        return app;
    }
}
