using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Gateway.Limits.Stores.Memory;
using OpenAIProxy.Gateway.Limits.Stores.Redis;
using OpenAIProxy.Gateway.Limits.Stores.Shared;
using OpenAIProxy.ServiceDefaults.Redis;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>Registers limits. Right behind metering, which tells them what calls use.</summary>
internal static class LimitExtensions
{
    private const string Cache = "cache";

    /// <summary>The limits in force.</summary>
    /// <param name="settings">Of the start.</param>
    /// <param name="secret">The secret that all gateways share: they name what they count alike. Null if there is none.</param>
    public static LimitTable Create(LimitSettings settings, string? secret)
        => new(settings, SHA256.HashData(Encoding.UTF8.GetBytes("openaiproxy limits " + secret)));

    public static void AddLimits(this WebApplicationBuilder builder, LimitTable table, BudgetRules budgets, bool isMetered)
    {
        var services = builder.Services;
        services.AddSingleton(table);
        services.AddSingleton(budgets);
        if (isMetered)
        {
            services.AddSingleton<BillingClient>();
            services.AddSingleton<LedgerWatch>();
            services.AddHostedService(s => s.GetRequiredService<LedgerWatch>());
            services.AddSingleton<AlertTeller>();
            services.AddHostedService(s => s.GetRequiredService<AlertTeller>());
            services.AddSingleton<CallBudgets>();
            services.AddSingleton<ICallerAllowance, CallerAllowance>();
        }

        services.AddSingleton<MemoryLimitStore>();
        if (string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(Cache)))
        {
            services.AddSingleton<ILimitStore>(s => s.GetRequiredService<MemoryLimitStore>());
        }
        else
        {
            builder.AddRedis(Cache, checksHealth: false);
            services.AddSingleton(LeaseTimes.Default);
            services.AddSingleton<RedisLimitStore>();
            services.AddSingleton<ILimitStore>(s => ActivatorUtilities.CreateInstance<SharedLimitStore>(s, () => table.Current.Settings.Store));
            services.AddHealthChecks().AddCheck<LimitHealth>("limits");
        }

        services.AddSingleton<LimitTelemetry>();
        services.AddSingleton<LimitsQuery>();
        services.WrapCallObservers((s, inner) => ActivatorUtilities.CreateInstance<LimitedCalls>(s, inner));
    }
}
