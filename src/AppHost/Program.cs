using Microsoft.Extensions.Configuration;
using OpenAIProxy.AppHost;

if (!Arguments.TryParse(args, out var arguments))
{
    return Environment.ExitCode;
}

World.Announce();
var builder = DistributedApplication.CreateBuilder(arguments.Rest);
var upstream = arguments.Demo ? Upstream.Demo(builder) : Upstream.OpenAI(builder);
var accessKeys = AccessKeys.Add(builder);
var internalToken = MadeSecret.Add(builder, "internal-token", "Internal:Token");
var adminToken = MadeSecret.Add(builder, "admin-token", "Billing:AdminToken");
var data = Data.Add(builder, arguments);

IResourceBuilder<IResourceWithConnectionString> cache =
    builder.ExecutionContext.IsRunMode && builder.Configuration.GetConnectionString("cache") is { Length: > 0 }
        ? builder.AddConnectionString("cache")
        : builder.AddRedis("cache").WithDataVolume();

var billing = builder.AddProject<Projects.BillingService>("billing")
    .WithReference(cache)
    .WaitFor(cache)
    .WithHttpHealthCheck("/health/ready");
upstream.GiveAddressTo(billing);
internalToken.GiveTo(billing);
adminToken.GiveTo(billing);
data.GiveLedgerTo(billing);

var gateway = builder.AddProject<Projects.Gateway>("gateway")
    .WithReference(billing.GetEndpoint("http"))
    .WaitFor(billing)
    .WithEndpoint("http", endpoint => endpoint.IsExternal = true)
    .WithHttpHealthCheck("/health/ready");
upstream.GiveAddressTo(gateway);
upstream.GiveKeyTo(gateway);
accessKeys.GiveTo(gateway);
internalToken.GiveTo(gateway);
data.GiveJournalTo(gateway);

if (builder.ExecutionContext.IsPublishMode)
{
    Deployment.Describe(builder, arguments, gateway, billing);
}
else
{
    billing.Withhold(Inherited.Keys);
    gateway.Withhold(adminToken.Setting);
    gateway.WithEndpoint("http", endpoint => endpoint.Port = arguments.Port is 0 ? null : arguments.Port)
        .OnResourceReady((_, _, stop) => Welcome.ShowAsync(gateway.GetEndpoint("http").Url, upstream, accessKeys, adminToken, cache.Resource, stop));
}

builder.Build().Run();
return Environment.ExitCode;
