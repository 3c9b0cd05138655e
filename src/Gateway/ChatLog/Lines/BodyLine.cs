using System.Text.Json;

namespace OpenAIProxy.Gateway.ChatLog.Lines;

/// <summary>A body as it stands in a line.</summary>
/// <param name="Value">JSON with the keys taken out; <c>null</c> if there is no body, or it can't be shown.</param>
/// <param name="Json">What was parsed; null if it is no JSON.</param>
/// <param name="IsCut">True if a part is missing.</param>
/// <param name="IsLeftOut">True if there is a body that can't be shown: sound, images, an unknown encoding.</param>
/// <param name="IsWhole">True if a stream has come to its own end, whatever came of the connection.</param>
internal readonly record struct BodyLine(byte[] Value, JsonElement? Json, bool IsCut = false, bool IsLeftOut = false, bool IsWhole = false)
{
    private static readonly byte[] Null = [.. "null"u8];

    /// <summary>No body.</summary>
    public static BodyLine None { get; } = new(Null, null);

    /// <summary>One that can't be shown.</summary>
    public static BodyLine LeftOut { get; } = new(Null, null, IsLeftOut: true);
}
