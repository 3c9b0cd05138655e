namespace OpenAIProxy.Gateway.Metering.Endpoints;

/// <summary>
/// Every path family of OpenAI's API, and how it is metered. What no row names: reading and deleting (GET, HEAD, DELETE, OPTIONS) is free;
/// anything else may cost, nobody knows how much, and is unmetered. A path that is in the table keeps its name then, others are "other".
/// </summary>
internal static class EndpointTable
{
    /// <summary>What is in no family.</summary>
    public const string Other = "other";

    /// <summary>Batches.</summary>
    public const string Batches = "batches";

    /// <summary>Runs of assistants.</summary>
    public const string Runs = "runs";

    /// <summary>The rows, in the order of the README's table.</summary>
    public static IReadOnlyList<EndpointRow> Rows { get; } =
    [
        new("POST", "/chat/completions", "chat", MeterKind.Completion),
        new("POST", "/chat/completions/{id}", "chat", MeterKind.Free),
        new("GET", "/chat/completions/**", "chat", MeterKind.Free),
        new("POST", "/extensions/chat/completions", "chat", MeterKind.Completion),
        new("POST", "/completions", "completions", MeterKind.Completion),
        new("POST", "/engines/{id}/completions", "completions", MeterKind.Completion),
        new("POST", "/responses", "responses", MeterKind.Response),
        new("GET", "/responses/{id}", "responses", MeterKind.Response),
        new("POST", "/responses/{id}/cancel", "responses", MeterKind.Response),
        new("POST", "/responses/compact", "responses", MeterKind.Response),
        new("POST", "/responses/input_tokens", "responses", MeterKind.Free),
        new("GET", "/responses/{id}/input_items", "responses", MeterKind.Free),
        new("WS", "/responses", "responses", MeterKind.ResponseSocket),
        new("POST", "/embeddings", "embeddings", MeterKind.Embedding),
        new("POST", "/engines/{id}/embeddings", "embeddings", MeterKind.Embedding),
        new("*", "/moderations", "moderations", MeterKind.Free),
        new("*", "/models/**", "models", MeterKind.Free),
        new("POST", "/audio/speech", "speech", MeterKind.Speech),
        new("POST", "/audio/transcriptions", "transcriptions", MeterKind.Transcription),
        new("POST", "/audio/translations", "translations", MeterKind.Transcription),
        new("POST", "/audio/voice_consents/**", "voices", MeterKind.Unmetered),
        new("POST", "/audio/voices/**", "voices", MeterKind.Unmetered),
        new("POST", "/images/generations", "images", MeterKind.Image),
        new("POST", "/images/edits", "images", MeterKind.Image),
        new("POST", "/images/variations", "images", MeterKind.Image),
        new("POST", "/videos", "videos", MeterKind.Video),
        new("POST", "/videos/edits", "videos", MeterKind.Video),
        new("POST", "/videos/extensions", "videos", MeterKind.Video),
        new("POST", "/videos/{id}/remix", "videos", MeterKind.Video),
        new("POST", "/videos/characters", "videos", MeterKind.Unmetered),
        new("GET", "/videos/**", "videos", MeterKind.Free),
        new("POST", "/content_provenance_checks", "provenance", MeterKind.Unmetered),
        new("*", "/files/**", "files", MeterKind.Free),
        new("*", "/uploads/**", "uploads", MeterKind.Free),
        new("POST", "/batches", Batches, MeterKind.Batch),
        new("GET", "/batches/{id}", Batches, MeterKind.Batch),
        new("POST", "/batches/{id}/cancel", Batches, MeterKind.Batch),
        new("GET", "/batches", Batches, MeterKind.Free),
        new("POST", "/vector_stores/**", "vector_stores", MeterKind.Unmetered),
        new("POST", "/containers/**", "containers", MeterKind.Unmetered),
        new("*", "/skills/**", "skills", MeterKind.Free),
        new("POST", "/fine_tuning/**", "fine_tuning", MeterKind.Unmetered),
        new("POST", "/fine_tuning/jobs/{id}/cancel", "fine_tuning", MeterKind.Free),
        new("POST", "/fine_tuning/jobs/{id}/pause", "fine_tuning", MeterKind.Free),
        new("POST", "/fine_tuning/checkpoints/{model}/permissions", "fine_tuning", MeterKind.Free),
        new("POST", "/fine_tuning/alpha/graders/validate", "fine_tuning", MeterKind.Free),
        new("POST", "/evals", "evals", MeterKind.Free),
        new("POST", "/evals/{id}", "evals", MeterKind.Free),
        new("POST", "/evals/{id}/runs", "evals", MeterKind.Unmetered),
        new("POST", "/evals/{id}/runs/{run}", "evals", MeterKind.Free),
        new("GET", "/evals/**", "evals", MeterKind.Free),
        new("*", "/conversations/**", "conversations", MeterKind.Free),
        new("*", "/assistants/**", "assistants", MeterKind.Free),
        new("POST", "/threads/runs", Runs, MeterKind.Run),
        new("POST", "/threads/{id}/runs", Runs, MeterKind.Run),
        new("GET", "/threads/{id}/runs/{run}", Runs, MeterKind.Run),
        new("POST", "/threads/{id}/runs/{run}", Runs, MeterKind.Run),
        new("POST", "/threads/{id}/runs/{run}/cancel", Runs, MeterKind.Run),
        new("POST", "/threads/{id}/runs/{run}/submit_tool_outputs", Runs, MeterKind.Run),
        new("GET", "/threads/{id}/runs/{run}/steps/**", Runs, MeterKind.Free),
        new("*", "/threads/**", "threads", MeterKind.Free),
        new("POST", "/chatkit/**", "chatkit", MeterKind.Unmetered),
        new("*", "/organization/**", "organization", MeterKind.Free),
        new("*", "/projects/**", "organization", MeterKind.Free),
        new("WS", "/realtime", "realtime", MeterKind.Realtime),
        new("WS", "/realtime/translations", "realtime", MeterKind.Translation),
        new("POST", "/realtime/calls", "realtime", MeterKind.Unmetered),
        new("POST", "/realtime/calls/{id}/accept", "realtime", MeterKind.Unmetered),
        new("*", "/realtime/calls/{id}/reject", "realtime", MeterKind.Free),
        new("*", "/realtime/calls/{id}/refer", "realtime", MeterKind.Free),
        new("*", "/realtime/calls/{id}/hangup", "realtime", MeterKind.Free),
        new("POST", "/realtime/client_secrets", "realtime", MeterKind.Unmetered),
        new("POST", "/realtime/translations/client_secrets", "realtime", MeterKind.Unmetered),
        new("POST", "/realtime/sessions", "realtime", MeterKind.Unmetered),
        new("POST", "/realtime/transcription_sessions", "realtime", MeterKind.Unmetered),
        new("WS", "/live/sessions", "live", MeterKind.Live),
        new("POST", "/live/sessions", "live", MeterKind.Unmetered),
        new("POST", "/live/sessions/{id}/accept", "live", MeterKind.Unmetered),
        new("POST", "/live/sessions/{id}/fork", "live", MeterKind.Unmetered),
        new("POST", "/live/sessions/{id}/hangup", "live", MeterKind.Free),
        new("POST", "/live/sessions/{id}/refer", "live", MeterKind.Free),
        new("POST", "/live/sessions/{id}/reject", "live", MeterKind.Free),
        new("GET", "/live/sessions/{id}/content", "live", MeterKind.Free),
        new("POST", "/edits", "legacy", MeterKind.Unmetered),
        new("POST", "/fine-tunes/**", "legacy", MeterKind.Unmetered),
        new("POST", "/engines/**", "legacy", MeterKind.Unmetered),
        new("POST", "/answers", "legacy", MeterKind.Unmetered),
        new("POST", "/classifications", "legacy", MeterKind.Unmetered),
        new("POST", "/search", "legacy", MeterKind.Unmetered),
        new("GET", "/usage", "account", MeterKind.Free),
        new("GET", "/dashboard/**", "account", MeterKind.Free),
    ];
}
