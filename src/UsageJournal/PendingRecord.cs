using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal;

/// <summary>A record that is not on disk.</summary>
/// <param name="Payload">As by <see cref="RecordFormat"/>.</param>
/// <param name="Slot">The slot of its call, which stays taken: if the process is killed now, that is what is known; -1 if it has none.</param>
/// <param name="At">When it ended, unix milliseconds.</param>
internal sealed record PendingRecord(byte[] Payload, int Slot, long At);
