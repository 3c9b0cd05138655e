using Npgsql;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>Where usage is kept.</summary>
/// <param name="File">The SQLite file; not used where there is a <paramref name="ConnectionString"/>.</param>
/// <param name="ConnectionString">PostgreSQL's, in Npgsql's form; null for SQLite. May hold a password: never logged.</param>
/// <param name="Retention">How long usage is kept at least after its day; null for ever.</param>
public sealed record LedgerSettings(string File, string? ConnectionString, TimeSpan? Retention)
{
    private static readonly PathSetting FileSetting = new("Ledger:File", ".data/ledger.db", "a file in a folder that can be written",
        "The SQLite file that holds all usage, where ConnectionStrings:ledger names no PostgreSQL.");
    private static readonly DurationSetting RetentionSetting = new("Ledger:Retention", null, "1d", "3650d",
        "How long usage is kept; without it nothing is ever deleted.", "730d");

    internal static IReadOnlyList<Setting> All { get; } = [FileSetting, RetentionSetting];

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

        return new LedgerSettings(reader.Get(FileSetting)!, string.IsNullOrEmpty(connection) ? null : connection, reader.Find(RetentionSetting));
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
