namespace OpenAIProxy.UsageJournal.Calls;

/// <summary>A call that the journal knows to have begun.</summary>
/// <param name="Slot">Its place among the open calls; -1 if it has none.</param>
internal readonly record struct OpenCall(int Slot);
