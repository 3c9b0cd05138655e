using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Hosting.Tests;

/// <summary>What the methods of the package put into an app model. Nothing is started.</summary>
public sealed class ModelTests
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder(
        new DistributedApplicationOptions { Args = ["--publisher", "manifest"], DisableDashboard = true });

    [Fact]
    public void Container_ByDefault_IsTheImageWithItsPortAndAHealthCheck()
    {
        var ai = _builder.AddOpenAIProxy("ai", 9000).Resource;

        var image = ai.Annotations.OfType<ContainerImageAnnotation>().Last();
        Assert.Equal(("openaiproxy", "latest"), (image.Image, image.Tag));
        var endpoint = Assert.Single(ai.Annotations.OfType<EndpointAnnotation>());
        Assert.Equal(("http", 9000, 8000), (endpoint.Name, endpoint.Port, endpoint.TargetPort));
        Assert.Equal("ai_ready", Assert.Single(ai.Annotations.OfType<HealthCheckAnnotation>()).Key);
    }

    [Fact]
    public void Image_OfARegistry_IsTaken()
    {
        var ai = _builder.AddOpenAIProxy("ai").WithImageRegistry("ghcr.io/somebody").WithImageTag("0.1.0").Resource;

        var image = ai.Annotations.OfType<ContainerImageAnnotation>().Last();
        Assert.Equal(("ghcr.io/somebody", "openaiproxy", "0.1.0"), (image.Registry, image.Image, image.Tag));
    }

    [Fact]
    public void ConnectionString_WithoutSettings_HasAGeneratedKey()
    {
        var ai = _builder.AddOpenAIProxy("ai").Resource;

        Assert.Equal("Endpoint={ai.bindings.http.url}/v1;Key=fk-{ai-access-key.value}", ai.ConnectionStringExpression.ValueExpression);
        Assert.Equal(["Endpoint", "Uri", "Key"], Properties(ai).Keys);
        Assert.Contains(ai.AccessKey, _builder.Resources);
        Assert.True(ai.AccessKey.Secret);
    }

    [Fact]
    public void ConnectionString_WithKeyAndModel_NamesBoth()
    {
        var key = _builder.AddParameter("mine", secret: true);
        var ai = _builder.AddOpenAIProxy("ai").WithAccessKey(key).WithModel("gpt-4o-mini").Resource;

        Assert.Equal("Endpoint={ai.bindings.http.url}/v1;Key={mine.value};Model=gpt-4o-mini", ai.ConnectionStringExpression.ValueExpression);
        var properties = Properties(ai);
        Assert.Equal("{ai.bindings.http.url}/v1", properties["Uri"]);
        Assert.Equal(properties["Uri"], properties["Endpoint"]);
        Assert.Equal("{mine.value}", properties["Key"]);
        Assert.Equal("gpt-4o-mini", properties["ModelName"]);
        Assert.Equal(["mine"], _builder.Resources.OfType<ParameterResource>().Select(parameter => parameter.Name));
    }

    [Fact]
    public async Task Environment_WithEverything_HasTheSettings()
    {
        var ai = _builder.AddOpenAIProxy("ai")
            .WithApiKey(_builder.AddParameter("openai", secret: true))
            .WithAccessKey(_builder.AddParameter("mine", secret: true))
            .WithAdminToken(_builder.AddParameter("admin", secret: true))
            .WithBaseUrl("https://example.org/v1")
            .WithLedger(_builder.AddPostgres("postgres").AddDatabase("usage"))
            .WithCache(_builder.AddRedis("redis"))
            .Resource;

        var variables = await EnvironmentAsync(ai);
        Assert.Equal("{openai.value}", variables["OpenAI__ApiKey"]);
        Assert.Equal("{mine.value}", variables["Access__Keys"]);
        Assert.Equal("{admin.value}", variables["Billing__AdminToken"]);
        Assert.Equal("https://example.org/v1", variables["OpenAI__BaseUrl"]);
        Assert.Equal("{usage.connectionString}", variables["ConnectionStrings__ledger"]);
        Assert.Equal("{redis.connectionString}", variables["ConnectionStrings__cache"]);
    }

    [Fact]
    public async Task BaseUrl_OfAnotherResource_IsItsAddress()
    {
        var other = _builder.AddContainer("server", "llama").WithHttpEndpoint(targetPort: 8080);
        var ai = _builder.AddOpenAIProxy("ai").WithBaseUrl(other.GetEndpoint("http")).Resource;

        Assert.Equal("{server.bindings.http.url}", (await EnvironmentAsync(ai))["OpenAI__BaseUrl"]);
    }

    [Fact]
    public void DataVolume_OfAContainer_IsTheFolderOfLedgerAndJournal()
    {
        var ai = _builder.AddOpenAIProxy("ai").WithDataVolume("usage").Resource;

        var mount = Assert.Single(ai.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal((ContainerMountType.Volume, "usage", "/home/app"), (mount.Type, mount.Source, mount.Target));
    }

    [Fact]
    public async Task Published_WithRunAsTool_RemainsAContainer()
    {
        var ai = _builder.AddOpenAIProxy("ai").RunAsTool().Resource;
        await using var app = _builder.Build();

        Assert.Contains(ai, app.Services.GetRequiredService<DistributedApplicationModel>().Resources);
        Assert.True(ai.IsContainer());
        var variables = await EnvironmentAsync(ai);
        Assert.DoesNotContain("ASPNETCORE_URLS", variables.Keys);
        Assert.DoesNotContain("Forwarding__DrainTimeout", variables.Keys);
    }

    [Fact]
    public void Package_OfTheHouse_KnowsNoOtherProject()
    {
        var others = Directory.GetDirectories(Tree.PathTo("src")).Select(folder => Path.GetFileName(folder)).Append("openai-proxy").ToArray();
        var references = typeof(OpenAIProxyResource).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name).ToArray();

        Assert.Contains("Contracts", others);
        Assert.Empty(references.Except(["Aspire.Hosting"]).Intersect(others));
    }

    private static Dictionary<string, string> Properties(IResourceWithConnectionString resource)
        => resource.GetConnectionProperties().ToDictionary(property => property.Key, property => property.Value.ValueExpression);

    private async Task<Dictionary<string, string>> EnvironmentAsync(OpenAIProxyResource resource)
    {
        var context = new EnvironmentCallbackContext(_builder.ExecutionContext, resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context).Guarded();
        }

        return context.EnvironmentVariables.ToDictionary(
            variable => variable.Key, variable => variable.Value is IManifestExpressionProvider value ? value.ValueExpression : (string)variable.Value);
    }
}
