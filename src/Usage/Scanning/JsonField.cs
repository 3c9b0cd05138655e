namespace OpenAIProxy.Usage.Scanning;

/// <summary>The places in a JSON text that a sink can ask to be told of.</summary>
internal enum JsonField : byte
{
    /// <summary>On the way to another place; nothing to tell.</summary>
    None,

    /// <summary>The whole document.</summary>
    Document,

    /// <summary>The usage object.</summary>
    Usage,

    // Tokens in a usage object. CacheMiss: input that was not in the cache. The others are as in CountKind.
    Input,
    CachedInput,
    CacheMiss,
    CacheWrite,
    CacheWrite30m,
    CacheWrite12h,
    AudioInput,
    CachedAudioInput,
    ImageInput,
    CachedImageInput,
    Output,
    ReasoningOutput,
    AudioOutput,
    ImageOutput,
    TextOutput,
    Total,

    /// <summary>Seconds in a usage object.</summary>
    UsageSeconds,

    /// <summary>The usage object of a response's image tool.</summary>
    ImageToolUsage,

    /// <summary>How many searches in the web a response is billed for.</summary>
    Searches,

    /// <summary>How many tokens may be answered.</summary>
    MostOutput,

    /// <summary>The tools of a response or of its request.</summary>
    Tools,

    Tool,

    ToolType,

    ToolModel,

    /// <summary>The memory of the container that a tool runs in.</summary>
    ToolMemory,

    /// <summary>Until when a background response is to be complete.</summary>
    CompletionWindow,

    /// <summary>How long what is written to the cache lives.</summary>
    CacheTtl,

    /// <summary>The object whose usage it is: a response, a session.</summary>
    Subject,

    Id,

    /// <summary>The kind of object, <c>object</c>.</summary>
    Object,

    Model,

    /// <summary>The subject's <c>service_tier</c>.</summary>
    Tier,

    Status,

    /// <summary>True for a response that is made in the background.</summary>
    Background,

    /// <summary>An error, of the subject or of the call.</summary>
    Error,

    /// <summary>An event's <c>type</c>.</summary>
    Type,

    /// <summary>Text that a model wrote; told by its length.</summary>
    Text,

    /// <summary>An item of the subject's <c>output</c>.</summary>
    OutputItem,

    /// <summary>The item that an event is about.</summary>
    EventItem,

    ItemType,

    /// <summary>What kind of web search an item was.</summary>
    ActionType,

    /// <summary>The container that an item ran in.</summary>
    ContainerId,

    /// <summary>Seconds of audio or video.</summary>
    Seconds,

    /// <summary>One image.</summary>
    DataItem,

    Size,

    Quality,

    /// <summary>Requests of a batch that were answered.</summary>
    Completed,

    /// <summary>The lane of a socket that an event belongs to.</summary>
    StreamId,

    /// <summary>The response that an event belongs to.</summary>
    ResponseId,

    /// <summary>The model that a session talks to.</summary>
    SessionModel,

    /// <summary>The model that writes down what is heard.</summary>
    TranscriptionModel,

    /// <summary>The type of an event inside an event.</summary>
    InnerType,

    /// <summary>A usage object at a place of its own, which counts where the usual one says nothing.</summary>
    SideUsage,

    /// <summary>A stream's message that repeats the whole text so far.</summary>
    RepeatedMessage,

    /// <summary>Why a choice has ended.</summary>
    FinishReason,

    Effort,

    /// <summary>True for a request that wants a stream.</summary>
    Stream,

    /// <summary>A request's <c>stream_options</c>.</summary>
    StreamOptions,

    /// <summary>True for a request that wants its stream to end with the usage.</summary>
    IncludeUsage,

    /// <summary>How many images or choices are wanted.</summary>
    Count,

    /// <summary>How much a model is to read of what it finds in the web.</summary>
    SearchContextSize,

    /// <summary>Who the caller calls for.</summary>
    SafetyIdentifier,

    /// <summary>The same, under its first name.</summary>
    User,

    /// <summary>A model beside the one that the document names: of a tool, of a session, or one to fall back on.</summary>
    OtherModel,

    /// <summary>The choices of a chunk.</summary>
    Choices,

    Choice,
}
