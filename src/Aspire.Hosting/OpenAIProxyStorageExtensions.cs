using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where OpenAIProxy keeps usage and cached results. Without any of these a container's ledger goes with the container.</summary>
public static class OpenAIProxyStorageExtensions
{
    /// <summary>Keeps the ledger in PostgreSQL. What has not reached the ledger yet is still on the container's disk.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="postgres">A database of PostgreSQL.</param>
    public static IResourceBuilder<OpenAIProxyResource> WithLedger(
        this IResourceBuilder<OpenAIProxyResource> builder, IResourceBuilder<IResourceWithConnectionString> postgres)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(postgres);
        return builder.WithReference(postgres, "ledger");
    }

    /// <summary>Keeps cached results of billing queries in Redis. Without it they are in memory.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="redis">A Redis.</param>
    public static IResourceBuilder<OpenAIProxyResource> WithCache(
        this IResourceBuilder<OpenAIProxyResource> builder, IResourceBuilder<IResourceWithConnectionString> redis)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(redis);
        return builder.WithReference(redis, "cache");
    }

    /// <summary>Keeps ledger and journal on a volume of the container engine.</summary>
    /// <param name="builder">OpenAIProxy.</param>
    /// <param name="name">The volume's name; null for one made of the names of app and resource.</param>
    public static IResourceBuilder<OpenAIProxyResource> WithDataVolume(this IResourceBuilder<OpenAIProxyResource> builder, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), OpenAIProxyImage.DataFolder);
    }
}
