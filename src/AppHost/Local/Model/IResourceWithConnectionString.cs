namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that is reached by a connection string.</summary>
internal interface IResourceWithConnectionString : IResource
{
    /// <summary>The connection string; null where the stand-in has none, because no redis-server was found.</summary>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default);
}
