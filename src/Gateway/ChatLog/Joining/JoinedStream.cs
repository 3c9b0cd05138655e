namespace OpenAIProxy.Gateway.ChatLog.Joining;

/// <summary>The events of a stream as one answer.</summary>
/// <param name="Json">The answer; empty if a text in the events is no Unicode.</param>
/// <param name="IsWhole">True if the stream has come to its end.</param>
internal readonly record struct JoinedStream(ReadOnlyMemory<byte> Json, bool IsWhole);
