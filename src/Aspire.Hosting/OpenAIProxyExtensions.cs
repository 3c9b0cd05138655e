using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds OpenAIProxy to an app, and says how it works.</summary>
public static class OpenAIProxyExtensions
{
    /// <summary>
    /// Adds OpenAIProxy. Apps that reference it get a connection string for OpenAI's client. They need an access key, which is generated unless
    /// <see cref="WithAccessKey"/> sets one. The usage page is linked in the dashboard.
    /// </summary>
    /// <param name="builder">The builder of the app.</param>
    /// <param name="name">The name of the resource, and of its connection string.</param>
    /// <param name="port">The port on this machine, 1 to 65535; null for any free one.</param>
    public static IResourceBuilder<OpenAIProxyResource> AddOpenAIProxy(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var key = builder.AddParameter(
            $"{name}-access-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        var resource = new OpenAIProxyResource(name, key.Resource);
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"{name}_ready", services => new ReadyHealthCheck(resource, services.GetRequiredService<IHttpClientFactory>()), null, null));
        return builder.AddResource(resource)
            .WithImage(OpenAIProxyImage.Name, OpenAIProxyImage.Tag)
            .WithHttpEndpoint(port, OpenAIProxyImage.Port, OpenAIProxyResource.EndpointName)
            .WithUrlForEndpoint(OpenAIProxyResource.EndpointName, _ => new ResourceUrlAnnotation { Url = "/usage", DisplayText = "Usage" })
            .WithHealthCheck($"{name}_ready")
            .WithOtlpExporter()
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["Access__Keys"] = resource.KeyExpression;
                if (context.ExecutionContext.IsRunMode)
                {
                    // Whoever presses Ctrl-C waits for open answers. What the app itself sets comes later, and wins.
                    context.EnvironmentVariables["Forwarding__DrainTimeout"] = "5s";
                }
            });
    }

    /// <summary>Sets the key that is shown to OpenAI, or to the server of <c>WithBaseUrl</c>.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="apiKey">A secret parameter. Apps don't get it.</param>
    public static IResourceBuilder<OpenAIProxyResource> WithApiKey(
        this IResourceBuilder<OpenAIProxyResource> builder, IResourceBuilder<ParameterResource> apiKey)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(apiKey);
        return builder.WithEnvironment("OpenAI__ApiKey", apiKey);
    }

    /// <summary>Sets the access key that apps show, in place of the generated one.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="accessKey">A secret parameter with the whole key, such as <c>fk-…</c>.</param>
    public static IResourceBuilder<OpenAIProxyResource> WithAccessKey(
        this IResourceBuilder<OpenAIProxyResource> builder, IResourceBuilder<ParameterResource> accessKey)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(accessKey);
        if (builder.Resource.HasGeneratedKey)
        {
            builder.ApplicationBuilder.Resources.Remove(builder.Resource.AccessKey);
        }

        builder.Resource.AccessKey = accessKey.Resource;
        return builder;
    }

    /// <summary>Sets the token by which an administrator signs in at the usage page and sees the usage of all keys.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="adminToken">A secret parameter.</param>
    public static IResourceBuilder<OpenAIProxyResource> WithAdminToken(
        this IResourceBuilder<OpenAIProxyResource> builder, IResourceBuilder<ParameterResource> adminToken)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(adminToken);
        return builder.WithEnvironment("Billing__AdminToken", adminToken);
    }

    /// <summary>Sets the server that calls are forwarded to, in place of OpenAI.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="baseUrl">Its address, with or without <c>/v1</c>.</param>
    public static IResourceBuilder<OpenAIProxyResource> WithBaseUrl(this IResourceBuilder<OpenAIProxyResource> builder, string baseUrl)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(baseUrl);
        return builder.WithEnvironment("OpenAI__BaseUrl", baseUrl);
    }

    /// <summary>Sets the server that calls are forwarded to: another resource of this app.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="endpoint">An endpoint that answers as OpenAI does.</param>
    public static IResourceBuilder<OpenAIProxyResource> WithBaseUrl(this IResourceBuilder<OpenAIProxyResource> builder, EndpointReference endpoint)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpoint);
        return builder.WithEnvironment("OpenAI__BaseUrl", endpoint);
    }

    /// <summary>Sets the model that apps use if they name none. It restricts nothing.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="model">Its name, such as <c>gpt-4o-mini</c>.</param>
    public static IResourceBuilder<OpenAIProxyResource> WithModel(this IResourceBuilder<OpenAIProxyResource> builder, string model)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(model);
        builder.Resource.Model = model;
        return builder;
    }
}
