using System.Collections.Frozen;

namespace OpenAIProxy.Simulator.Shapes;

/// <summary>Models that the simulator lists. Any other name works too and is answered as it came.</summary>
internal static class Models
{
    private static readonly FrozenDictionary<string, string> Snapshots = new Dictionary<string, string>
    {
        ["gpt-4o"] = "gpt-4o-2024-08-06",
        ["gpt-4o-mini"] = "gpt-4o-mini-2024-07-18",
        ["gpt-4.1"] = "gpt-4.1-2025-04-14",
        ["gpt-4.1-mini"] = "gpt-4.1-mini-2025-04-14",
        ["gpt-5"] = "gpt-5-2025-08-07",
        ["gpt-5-mini"] = "gpt-5-mini-2025-08-07",
        ["gpt-5-nano"] = "gpt-5-nano-2025-08-07",
        ["gpt-6.1-sol"] = "gpt-6.1-sol-2026-09-29",
        ["text-embedding-ada-002"] = "text-embedding-ada-002-v2",
    }.ToFrozenDictionary();

    private static readonly string[] Undated =
    [
        "text-embedding-3-small", "text-embedding-3-large", "gpt-image-1", "dall-e-3", "whisper-1", "gpt-4o-transcribe",
        "gpt-4o-mini-tts", "tts-1", "omni-moderation-latest", "gpt-realtime",
    ];

    /// <summary>All names, aliases and dated ones.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Snapshots.Keys.Concat(Snapshots.Values).Concat(Undated).Order(StringComparer.Ordinal)];

    /// <summary>The name in the answer: the dated snapshot of an alias, else the name itself.</summary>
    public static string Answered(string asked) => Snapshots.GetValueOrDefault(asked, asked);

    public static string Object(string id) =>
        $$"""{"id":{{Json.Quote(id)}},"object":"model","created":1686935002,"owned_by":"openai","shutdown_date":null}""";
}
