namespace OpenAIProxy.Usage.Answers;

/// <summary>What a request says about what it will cost. All of it is the client's word, and may be absent: null, false or 0.</summary>
internal sealed class RequestFacts
{
    /// <summary>True if an object is read that another call made: what it used was counted then, but for what is made in the background.</summary>
    public bool IsRead { get; set; }

    /// <summary>The model asked for, from body, form, query or path.</summary>
    public string? Model { get; set; }

    /// <summary>True if a stream was asked for.</summary>
    public bool Stream { get; set; }

    /// <summary>True if the gateway asked for usage in the client's place: the extra chunk is taken out of the answer.</summary>
    public bool AskedForUsage { get; set; }

    /// <summary>True if the body is looked at for its end user.</summary>
    public bool ReadsEndUser { get; set; }

    /// <summary>Who the caller says it calls for: a header's value, else <c>safety_identifier</c>, else <c>user</c>; at most as long as it is read.</summary>
    public string? EndUser { get; set; }

    /// <summary>True for a background response.</summary>
    public bool Background { get; set; }

    /// <summary>How many images or choices were asked for.</summary>
    public int? Count { get; set; }

    /// <summary>Size of images or video, <c>1024x1024</c>.</summary>
    public string? Size { get; set; }

    /// <summary>Quality of images.</summary>
    public string? Quality { get; set; }

    /// <summary>Seconds of video asked for, as the client wrote it.</summary>
    public string? Seconds { get; set; }

    /// <summary>The <c>search_context_size</c> of <c>web_search_options</c>: <c>low</c>, <c>medium</c> or <c>high</c>.</summary>
    public string? SearchContextSize { get; set; }

    /// <summary>What the answer will be charged by besides its usage. A field: it is changed where it lies.</summary>
    public ResponseOptions Options;

    /// <summary>How hard the model is to think, <c>reasoning_effort</c> of a chat.</summary>
    public string? Effort { get; set; }

    /// <summary>Characters (Unicode scalar values) of the <c>input</c> to be spoken.</summary>
    public int Characters { get; set; }

    /// <summary>Tokens; how much may be answered at most, <c>max_completion_tokens</c> and its like, of one choice. Null if it isn't said.</summary>
    public long? MostOutput { get; set; }

    /// <summary>Tokens; what the input may be, by the length of its texts (four bytes of UTF-8 a token); data URLs and base64 left out.</summary>
    public int InputEstimate { get; set; }
}
