namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that runs elsewhere.</summary>
internal sealed record ConnectionStringResource(string Name, string? ConnectionString) : IResourceWithConnectionString
{
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(ConnectionString);
}
