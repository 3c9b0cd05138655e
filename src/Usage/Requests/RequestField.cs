namespace OpenAIProxy.Usage.Requests;

/// <summary>The members of a JSON request that matter.</summary>
internal enum RequestField
{
    /// <summary>Any other.</summary>
    None,
    Model,
    Stream,
    StreamOptions,
    IncludeUsage,
    Background,
    Count,
    Size,
    Quality,
    Seconds,
    Input,
    SearchOptions,
    SearchContextSize,
    Tools,
    BackgroundOptions,
    Effort,
    CacheOptions,
}
