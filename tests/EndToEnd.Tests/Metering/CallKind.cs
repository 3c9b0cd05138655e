namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>One way to call: where, with what, and how its whole answer ends.</summary>
/// <param name="Name">Names it, also in the model's name.</param>
/// <param name="Path">The path.</param>
/// <param name="Members">Members of the JSON body after the model.</param>
/// <param name="End">What a whole answer ends with.</param>
/// <param name="Pace">Milliseconds between two events of the stream.</param>
internal sealed record CallKind(string Name, string Path, string Members, string End, int Pace = 0)
{
    private const string Chat = "/v1/chat/completions";
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]";
    private const string Done = "data: [DONE]\n\n";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CallKind> All { get; } =
    [
        new("chat", Chat, Messages, "}"),
        new("stream", Chat, $"{Messages},\"stream\":true", Done),
        new("stream-usage", Chat, $"{Messages},\"stream\":true,\"stream_options\":{{\"include_usage\":true}}", Done),
        new("stream-slow", Chat, $"{Messages},\"stream\":true", Done, Pace: 40),
        new("response", "/v1/responses", "\"input\":\"Hello!\"", "}"),
        new("response-stream", "/v1/responses", "\"input\":\"Hello!\",\"stream\":true", "}\n\n"),
        new("response-slow", "/v1/responses", "\"input\":\"Hello!\",\"stream\":true", "}\n\n", Pace: 40),
        new("embedding", "/v1/embeddings", "\"input\":\"Hello!\",\"dimensions\":8", "}"),
    ];

    /// <summary>The model that calls of this kind ask for; it answers by this very name.</summary>
    public string Model => $"sim-{Name}";

    /// <summary>True if its usage tells cached and reasoning tokens.</summary>
    public bool HasDetails => Name != "embedding";

    /// <summary>True if the caller gets what the gateway asked for in its place: nothing.</summary>
    public bool TellsUsage => Name is not ("stream" or "stream-slow");
}
