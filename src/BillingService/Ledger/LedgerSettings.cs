using Npgsql;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Where usage is kept.</summary>
/// <param name="File">The SQLite file; not used where there is a <paramref name="ConnectionString"/>.</param>
/// <param name="ConnectionString">PostgreSQL's, in Npgsql's form; null for SQLite. May hold a password: never logged.</param>
/// <param name="Retention">How long usage is kept at least after its day; null for ever.</param>
public sealed record LedgerSettings(string File, string? ConnectionString, TimeSpan? Retention)
{
    private const string DefaultFile = ".data/ledger.db";

    /// <summary>The settings of the section <c>Ledger</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Ledger:File", DefaultFile, "a file in a folder that can be written",
            "The SQLite file that holds all usage, where ConnectionStrings:ledger names no PostgreSQL."),
        new("Ledger:Retention", "-", "a time from 1d to 3650d, such as 730d", "How long usage is kept; without it nothing is ever deleted."),
    ];

    /// <summary>Without the password: this text may end up in a log.</summary>
    public override string ToString() => ConnectionString is null ? $"SQLite, {File}" : "PostgreSQL";

    internal static LedgerSettings Read(SettingsReader reader, IConfiguration configuration)
    {
        var connection = configuration.GetConnectionString("ledger")?.Trim();
        if (!string.IsNullOrEmpty(connection) && !IsConnectionString(connection))
        {
            // The text holds the password; only the name is shown.
            reader.AddError("ConnectionStrings:ledger has a value that can't be used; allowed: Host=…;Port=…;Database=…;Username=…;Password=….");
        }

        var retention = reader.Duration("Ledger:Retention", TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        return new LedgerSettings(
            Path.GetFullPath(reader.Text("Ledger:File") ?? DefaultFile),
            string.IsNullOrEmpty(connection) ? null : connection,
            retention == TimeSpan.Zero ? null : retention);
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }
}
