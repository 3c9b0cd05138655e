using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>What adds resources to the app.</summary>
internal static class ResourceExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
        => builder.AddResource(new ProjectResource(name, new TProject()));

    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name)
        => builder.AddResource(new RedisResource(name));

    /// <summary>The data folder is always kept; see <see cref="OpenAIProxy.AppHost.Local.RedisServer"/>.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder) => builder;

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, string name)
        => builder.AddResource(new ConnectionStringResource(name, builder.Configuration.GetConnectionString(name)));

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false)
        => builder.AddParameter(name, builder.Configuration[$"Parameters:{name}"] ?? "", secret: secret);

    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
        => builder.AddResource(new ParameterResource(name, value));
}
