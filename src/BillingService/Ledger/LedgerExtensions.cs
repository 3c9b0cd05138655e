using System.Diagnostics;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.ServiceDefaults.Telemetry;

namespace OpenAIProxy.BillingService.Ledger;

internal static class LedgerExtensions
{
    private const string ConnectionName = "ledger";

    public static void AddLedger(this IHostApplicationBuilder builder, LedgerSettings settings)
    {
        builder.Services.AddSingleton(settings);
        if (settings.ConnectionString is { } connection)
        {
            builder.AddPostgres(connection);
            builder.Services.AddSingleton<ILedgerDatabase, PostgresDatabase>();
        }
        else
        {
            builder.Services.AddSingleton<ILedgerDatabase>(_ => new SqliteDatabase(settings.File));
        }

        builder.Services.AddSingleton<LedgerState>();
        builder.Services.AddSingleton<LedgerDamage>();
        builder.Services.AddSingleton<UsageLedger>();
        builder.Services.AddSingleton<LedgerUpkeep>();
        builder.Services.AddHostedService<LedgerStart>();
        builder.Services.AddHealthChecks().AddCheck<LedgerHealth>(ConnectionName);
    }

    /// <summary>Leaves making, changing and tidying the ledger's tables to another process: this one takes the ledger as it is.</summary>
    public static void LeaveLedgerToOther(this IServiceCollection services)
    {
        foreach (var start in services.Where(service => service.ImplementationType == typeof(LedgerStart)).ToArray())
        {
            services.Remove(start);
        }
    }

    private static void AddPostgres(this IHostApplicationBuilder builder, string connectionString)
    {
        var isTelemetryOn = builder.Configuration.IsTelemetryOn();
        builder.AddNpgsqlDataSource(
            ConnectionName,
            settings =>
            {
                settings.ConnectionString = connectionString;
                // LedgerHealth knows more: a ledger without its tables can't be used either, and that is degraded.
                settings.DisableHealthChecks = true;
                settings.DisableTracing = !isTelemetryOn;
                settings.DisableMetrics = !isTelemetryOn;
            },
            source =>
            {
                // Without a name, metrics and spans carry the connection string.
                source.Name = ConnectionName;
                source.ConfigureTracing(tracing => tracing
                    .ConfigureCommandFilter(_ => IsInTrace())
                    .ConfigureBatchFilter(_ => IsInTrace())
                    .EnablePhysicalOpenTracing(false)
                    .EnableFirstResponseEvent(false));
            });
    }

    // A command is traced as a part of a request that is. Health probes and background work would make a trace of each command.
    private static bool IsInTrace() => Activity.Current is { Recorded: true };
}
