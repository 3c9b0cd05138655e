namespace OpenAIProxy.AppHost.Caching;

/// <summary>The cache as it was chosen.</summary>
/// <param name="Resource">The Redis, as the resource <c>cache</c>; null: results are kept in memory.</param>
/// <param name="Description">What it is, for whoever started the app.</param>
internal sealed record AppCache(IResourceBuilder<IResourceWithConnectionString>? Resource, string Description);
