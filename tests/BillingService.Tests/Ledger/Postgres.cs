using OpenAIProxy.BillingService.Tests.Ledger;

[assembly: AssemblyFixture(typeof(Postgres))]

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>One PostgreSQL for all tests of the assembly, started when the first one wants it.</summary>
public sealed class Postgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _server = new(PostgresServer.StartAsync);

    /// <summary>An empty database of its own; its connection string.</summary>
    public async Task<string> CreateDatabaseAsync() => await (await _server.Value).CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated)
        {
            await (await _server.Value).DisposeAsync();
        }
    }
}
