namespace OpenAIProxy.AppHost.Caching;

/// <summary>Where billing results are cached: the values of <c>--cache</c>.</summary>
internal enum CacheKind
{
    /// <summary>The first that is possible: <c>ConnectionStrings:cache</c>, a container, a process, none.</summary>
    Auto,

    /// <summary>Redis in a container.</summary>
    Container,

    /// <summary>The <c>redis-server</c> of this machine.</summary>
    Process,

    /// <summary>No Redis: each billing service keeps its results in memory.</summary>
    None,
}
