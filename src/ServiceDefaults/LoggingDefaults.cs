using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.ServiceDefaults;

/// <summary>Logs that say when something starts, stops or changes, and never a secret.</summary>
internal static class LoggingDefaults
{
    /// <summary>What holds where nothing else is set, by the configuration's names.</summary>
    public static IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information",
        // It repeats with every probe what RedisConnection says once.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "Error",
        // It logs some 30 lines per connection, and a stack trace per failed attempt; RedisConnection logs an outage and its end once each.
        ["Logging:LogLevel:StackExchange.Redis"] = "None",
        // At Information it logs the text of every SQL command.
        ["Logging:LogLevel:Npgsql"] = "Warning",
        // Each line says when: an entry is one line, with its time in UTC. Without the name the options would not count.
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
    };

    public static void AddLoggingDefaults(this IHostApplicationBuilder builder)
    {
        // The weakest source of all: any appsettings.json, variable or argument overrides it, wherever the service is started from.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Settings });
        builder.Services.PostConfigure<LoggerFilterOptions>(Hide);
        builder.Services.AddSingleton<LoggerFactory>();
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory, CleanLoggerFactory>());
    }

    private static void Hide(LoggerFilterOptions options)
    {
        // Added last, and once more for each provider that has rules of its own, which would win: no configuration undoes them.
        // The first two write request lines with their query, where some clients put a key;
        // without the first one, ASP.NET Core also makes no Activity and no log scope per request when telemetry is off.
        // The third repeats with a stack trace what Startup.Run says in a sentence.
        string?[] providers = [.. options.Rules.Select(r => r.ProviderName).Append(null).Distinct()];
        foreach (var category in (ReadOnlySpan<string>)[
            "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests", "Microsoft.Extensions.Hosting.Internal.Host"])
        {
            foreach (var provider in providers)
            {
                options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.None, null));
            }
        }
    }
}
