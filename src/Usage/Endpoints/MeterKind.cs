namespace OpenAIProxy.Usage.Endpoints;

/// <summary>How an endpoint's usage is found.</summary>
internal enum MeterKind
{
    /// <summary>Costs nothing; the request alone is recorded.</summary>
    Free,

    /// <summary>May cost, but nothing in request or answer says how much.</summary>
    Unmetered,

    /// <summary>Chat completions and legacy completions: <c>usage</c> with prompt and completion tokens, in the last chunk of a stream.</summary>
    Completion,

    /// <summary>Responses, created, polled or resumed: <c>usage</c> of the response object, or of a stream's terminal event.</summary>
    Response,

    /// <summary>Embeddings: prompt tokens.</summary>
    Embedding,

    /// <summary>
    /// Transcriptions and translations: <c>usage</c> by tokens or seconds, else <c>duration</c>, else the last subtitle's time; unmetered where
    /// the answer has none of them.
    /// </summary>
    Transcription,

    /// <summary>Speech: characters of the input, or tokens in the last event of a stream.</summary>
    Speech,

    /// <summary>Images: tokens, or images by size and quality.</summary>
    Image,

    /// <summary>Videos: seconds by size, of the job that is created.</summary>
    Video,

    /// <summary>A batch that is looked at: its usage, once, when it has ended.</summary>
    Batch,

    /// <summary>A container that is made: one of its size, once.</summary>
    Container,

    /// <summary>Assistants' runs and their steps: <c>usage</c> of the run that has ended, once.</summary>
    Run,

    /// <summary>Realtime sessions (WebSocket): <c>response.done</c> and transcription events.</summary>
    Realtime,

    /// <summary>Realtime sessions that translate (WebSocket): their time, which is an estimate of the audio's.</summary>
    Translation,

    /// <summary>Responses over a WebSocket: a terminal event per response.</summary>
    ResponseSocket,

    /// <summary>Live sessions (WebSocket): cumulative seconds, and the usage of delegated responses.</summary>
    Live,
}
