using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.AppHost.Storage;

namespace OpenAIProxy.AppHost.Caching;

internal static class RedisProcessExtensions
{
    /// <summary>Adds the machine's <c>redis-server</c> as resource <paramref name="name"/>, with a health check.</summary>
    public static IResourceBuilder<RedisProcess> AddRedisProcess(this IDistributedApplicationBuilder builder, string name, DataFolder data)
    {
        var password = new ParameterResource($"{name}-password", _ => RandomNumberGenerator.GetHexString(32, lowercase: true), secret: true);
        var redis = new RedisProcess(name, data.TakeFolder("redis"), password);

        string? connectionString = null;
        var healthCheck = $"{name}_check";
        builder.Services.AddHealthChecks()
            .AddRedis(_ => connectionString ?? throw new InvalidOperationException($"{name} has no address yet."), healthCheck);
        return builder.AddResource(redis)
            .WithArgs("-c", RedisProcess.Script)
            .WithEndpoint(name: RedisProcess.EndpointName, scheme: "tcp", env: RedisProcess.PortVariable)
            .WithEnvironment(context => context.EnvironmentVariables[RedisProcess.PasswordVariable] = password)
            .OnConnectionStringAvailable(async (resource, _, cancellationToken) =>
                connectionString = await ((IResourceWithConnectionString)resource).GetConnectionStringAsync(cancellationToken))
            .WithHealthCheck(healthCheck)
            .WithIconName("Database");
    }
}
