using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace OpenAIProxy.ServiceDefaults.Redis;

/// <summary>Registers <see cref="RedisConnection"/>.</summary>
public static class RedisExtensions
{
    /// <summary>
    /// Adds the Redis of connection string <paramref name="name"/> (<c>ConnectionStrings:NAME</c>, StackExchange.Redis form) and its health
    /// check, unless <paramref name="checksHealth"/> is false. Without a connection string everything registered here does nothing.
    /// </summary>
    /// <exception cref="SettingsException">The connection string can't be parsed.</exception>
    public static void AddRedis(this IHostApplicationBuilder builder, string name, bool checksHealth = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var connectionString = builder.Configuration.GetConnectionString(name);
        var configured = !string.IsNullOrWhiteSpace(connectionString);
        if (configured)
        {
            AddClient(builder, name, connectionString!);
        }
        else
        {
            builder.Services.AddSingleton(provider => new RedisConnection(null, provider.GetRequiredService<ILogger<RedisConnection>>()));
        }

        if (checksHealth)
        {
            builder.Services.AddHealthChecks().AddCheck<RedisHealth>("redis");
        }
    }

    private static void AddClient(IHostApplicationBuilder builder, string name, string connectionString)
    {
        _ = Parse(name, connectionString);
        builder.AddRedisClient(
            name,
            settings =>
            {
                settings.DisableHealthChecks = true;
                // Else there would be a listener, and spans that nobody takes, without an endpoint, too.
                settings.DisableTracing = !builder.Configuration.IsTelemetryOn();
            },
            Configure);
        // Resolving the client connects, and blocks for seconds where Redis does not answer: on a thread of its own, since the pool's threads
        // serve requests.
        builder.Services.AddSingleton(provider => new RedisConnection(
            () => Task.Factory.StartNew(
                provider.GetRequiredService<IConnectionMultiplexer>, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
            provider.GetRequiredService<ILogger<RedisConnection>>()));
    }

    private static ConfigurationOptions Parse(string name, string connectionString)
    {
        try
        {
            var options = ConfigurationOptions.Parse(connectionString);
            Configure(options);
            return options;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The text holds the password; only the name is shown.
            throw new SettingsException([$"ConnectionStrings:{name} has a value that can't be used; allowed: host:port[,password=…][,ssl=true]."]);
        }
    }

    private static void Configure(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2_000;
        options.KeepAlive = 30;
    }
}
