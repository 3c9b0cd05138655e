using Microsoft.Extensions.Configuration;
using OpenAIProxy.AppHost.CommandLine;
using OpenAIProxy.AppHost.Running;
using OpenAIProxy.AppHost.Settings;

namespace OpenAIProxy.AppHost.Storage;

internal static class LedgerExtensions
{
    private const string Name = "ledger";

    /// <summary>
    /// Adds the ledger that <paramref name="options"/> ask for. Published, it is a PostgreSQL that whoever deploys names: a container's own
    /// files come and go with it.
    /// </summary>
    /// <exception cref="UnusableOptionException">This machine lacks what is asked for, or several billing services were to share a SQLite file.</exception>
    public static AppLedger AddLedger(this IDistributedApplicationBuilder builder, Options options, DataFolder data)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return new AppLedger(builder.AddConnectionString(Name), null, "PostgreSQL");
        }

        var isNamed = !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(Name));
        var kind = options.Ledger ?? (isNamed ? LedgerKind.Postgres : LedgerKind.Sqlite);
        if (kind is LedgerKind.Sqlite)
        {
            return options.Replicas == 1
                ? SqliteFile(builder, data)
                : throw new UnusableOptionException($"--replicas {options.Replicas} needs --ledger postgres: several billing services can't share a SQLite file.");
        }

        if (isNamed)
        {
            return new AppLedger(builder.AddConnectionString(Name), null, "PostgreSQL (ConnectionStrings:ledger)");
        }

        var engine = ContainerEngine.Find() ?? throw new UnusableOptionException(
            "--ledger postgres needs a running container engine (neither docker nor podman answers), or a PostgreSQL named by ConnectionStrings__ledger.");
        var postgres = builder.AddPostgres("postgres").WithDataVolume();
        return new AppLedger(postgres.AddDatabase(Name), null, $"PostgreSQL (container, {engine})");
    }

    /// <summary>
    /// Tells <paramref name="billing"/> of the ledger, and of no other. It doesn't wait for it: the service starts without its ledger, says
    /// that it is degraded, and goes on when the ledger comes.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithLedger(this IResourceBuilder<ProjectResource> billing, AppLedger ledger)
    {
        billing.WithoutInherited(ServiceSetting.LedgerConnection);
        if (ledger.Resource is not null)
        {
            return billing.WithReference(ledger.Resource);
        }

        return ledger.File is null ? billing : billing.WithEnvironment(ServiceSetting.LedgerFile.Variable, ledger.File);
    }

    private static AppLedger SqliteFile(IDistributedApplicationBuilder builder, DataFolder data)
        => Configured.Find(builder.Configuration, ServiceSetting.LedgerFile) is { } file
            ? new AppLedger(null, null, $"SQLite ({file})")
            : new AppLedger(null, Path.Combine(data.Path, "ledger.db"), $"SQLite ({Path.Combine(data.Path, "ledger.db")})");
}
