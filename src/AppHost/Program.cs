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

IResourceBuilder<IResourceWithConnectionString> cache =
    builder.ExecutionContext.IsRunMode && builder.Configuration.GetConnectionString("cache") is { Length: > 0 }
        ? builder.AddConnectionString("cache")
        : builder.AddRedis("cache").WithDataVolume();

var billing = builder.AddProject<Projects.BillingService>("billing")
    .WithReference(cache)
    .WaitFor(cache)
    .WithHttpHealthCheck("/health/ready");
upstream.GiveAddressTo(billing);

var gateway = builder.AddProject<Projects.Gateway>("gateway")
    .WithReference(billing.GetEndpoint("http"))
    .WaitFor(billing)
    .WithEndpoint("http", endpoint => endpoint.IsExternal = true)
    .WithHttpHealthCheck("/health/ready");
upstream.GiveAddressTo(gateway);
upstream.GiveKeyTo(gateway);
accessKeys.GiveTo(gateway);

if (builder.ExecutionContext.IsPublishMode)
{
    Deployment.Describe(builder, arguments, gateway, billing);
}
else
{
    billing.Withhold(Inherited.Keys);
    gateway.WithEndpoint("http", endpoint => endpoint.Port = arguments.Port is 0 ? null : arguments.Port)
        .OnResourceReady((_, _, stop) => Welcome.ShowAsync(gateway.GetEndpoint("http").Url, upstream, accessKeys, cache.Resource, stop));
}

builder.Build().Run();
return Environment.ExitCode;
