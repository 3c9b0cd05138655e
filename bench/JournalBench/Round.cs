namespace OpenAIProxy.JournalBench;

/// <summary>What one round measured, in nanoseconds: the mean of a call, and what only one of 10,000 calls exceeded.</summary>
internal readonly record struct Round(double Nanoseconds, double Slowest);
