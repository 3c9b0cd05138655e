using Microsoft.Data.Sqlite;

namespace OpenAIProxy.Standalone.Tests;

/// <summary>The ledger of a data folder, as a service has made it, and what a test does to it beside the product.</summary>
internal sealed class LedgerFile
{
    private LedgerFile(string path) => Path = path;

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Has a process make it, and waits until that has ended.</summary>
    public static async Task<LedgerFile> CreateAsync(string folder)
    {
        await using var process = await StandaloneProcess.StartAsync("--demo", "--data", folder, "--urls=http://127.0.0.1:0");
        Assert.Equal(0, await process.StopAsync());
        return new LedgerFile(System.IO.Path.Combine(folder, "ledger.db"));
    }

    /// <summary>A connection to it.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Changes it.</summary>
    public void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The form of its tables.</summary>
    public long Version()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT max(version) FROM usage_version";
        return (long)command.ExecuteScalar()!;
    }
}
