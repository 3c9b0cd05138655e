using Microsoft.Extensions.Configuration;
using OpenAIProxy.AppHost.CommandLine;
using OpenAIProxy.AppHost.Running;
using OpenAIProxy.AppHost.Settings;
using OpenAIProxy.AppHost.Storage;

namespace OpenAIProxy.AppHost.Caching;

internal static class CacheExtensions
{
    private const string Name = "cache";

    /// <summary>
    /// Adds the Redis that <paramref name="kind"/> asks for. It is chosen before it is added: Aspire would wait for ever for a container
    /// without an engine. Published, it is always a container.
    /// </summary>
    /// <exception cref="UnusableOptionException">This machine lacks what <paramref name="kind"/> needs.</exception>
    public static AppCache AddCache(this IDistributedApplicationBuilder builder, CacheKind kind, DataFolder data)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return new AppCache(builder.AddRedis(Name).WithDataVolume(), "Redis");
        }

        if (kind is CacheKind.Auto && !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(Name)))
        {
            return new AppCache(builder.AddConnectionString(Name), "Redis (ConnectionStrings:cache)");
        }

        if (kind is CacheKind.Container or CacheKind.Auto && ContainerEngine.Find() is { } engine)
        {
            return new AppCache(builder.AddRedis(Name).WithDataVolume(), $"Redis (container, {engine})");
        }

        if (kind is CacheKind.Container)
        {
            throw new UnusableOptionException("--cache container needs a running container engine: neither docker nor podman answers.");
        }

        if (kind is CacheKind.Process or CacheKind.Auto && RedisProcess.IsInstalled)
        {
            return new AppCache(builder.AddRedisProcess(Name, data), "Redis (process)");
        }

        return kind is CacheKind.Process
            ? throw new UnusableOptionException("--cache process needs redis-server: there is none on the PATH.")
            : new AppCache(null, kind is CacheKind.None ? "in memory (--cache none)" : "in memory: no container engine, no redis-server on the PATH");
    }

    /// <summary>
    /// Tells <paramref name="service"/> of the cache, and of no other. It doesn't wait for it: without it the service works on, and a Redis
    /// that never listens must not hold up the start.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithCache(this IResourceBuilder<ProjectResource> service, AppCache cache)
    {
        service.WithoutInherited(ServiceSetting.CacheConnection);
        return cache.Resource is null ? service : service.WithReference(cache.Resource);
    }
}
