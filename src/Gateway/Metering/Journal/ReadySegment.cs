namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>A segment that waits to be shipped.</summary>
/// <param name="Path">The file.</param>
/// <param name="Folder">Whose it was.</param>
/// <param name="Since">When its first record was written, unix milliseconds.</param>
internal sealed record ReadySegment(string Path, JournalFolder Folder, long Since);
