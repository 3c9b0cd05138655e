using OpenAIProxy.AppHost.Caching;
using OpenAIProxy.AppHost.CommandLine;
using OpenAIProxy.AppHost.Publishing;
using OpenAIProxy.AppHost.Running;
using OpenAIProxy.AppHost.Settings;
using OpenAIProxy.AppHost.Storage;
using OpenAIProxy.AppHost.Telemetry;
using OpenAIProxy.AppHost.Upstreams;

if (!Options.TryParse(args, out var options))
{
    return Environment.ExitCode;
}

try
{
    using var dashboard = DashboardAddresses.Choose();
    var telemetry = TelemetryTarget.TakeFromShell();
    var builder = RunDefaults.CreateBuilder(options.ForAspire);

    var upstream = options.Demo ? builder.AddSimulator(telemetry) : builder.AddOpenAI();
    var accessKeys = builder.AddAccessKeys();
    var internalToken = builder.AddGeneratedSecret("internal-token", ServiceSetting.InternalToken);
    var adminToken = builder.AddGeneratedSecret("admin-token", ServiceSetting.AdminToken);
    using var data = DataFolder.For(builder, options);
    var cache = builder.AddCache(options.Cache, data);
    var ledger = builder.AddLedger(options, data);

    var billing = builder.AddProject<Projects.BillingService>("billing")
        .WithUpstream(upstream)
        .WithCache(cache)
        .WithLedger(ledger)
        .WithSecret(internalToken)
        .WithSecret(adminToken)
        .WithTelemetryTo(telemetry)
        .WithoutInherited(Inherited.Keys)
        .WithEndpoint("http", endpoint => endpoint.Port = null)
        .WithReplicas(options.Replicas)
        .WithHttpHealthCheck("/health/ready");

    var gateway = builder.AddProject<Projects.Gateway>("gateway")
        .WithUpstream(upstream)
        .WithUpstreamKey(upstream)
        .WithAccessKeys(accessKeys)
        .WithSecret(internalToken)
        .WithJournal(data)
        .WithReference(billing.GetEndpoint("http"))
        .WithTelemetryTo(telemetry)
        .WithoutInherited(Inherited.OfBilling)
        .WithCache(cache)
        .ListeningOn(options.Port, options.Replicas, options.Public)
        .WithShortDrain()
        .WithHttpHealthCheck("/health/ready");

    builder.PublishAsManifest();
    builder.SayWhenReady(new Welcome(gateway, billing, upstream, accessKeys, adminToken, cache, ledger, telemetry));
    await builder.Build().RunAsync();
    return Environment.ExitCode;
}
catch (UnusableOptionException e)
{
    return Options.Refuse(e.Message);
}
