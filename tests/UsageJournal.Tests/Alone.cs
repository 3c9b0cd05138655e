namespace OpenAIProxy.UsageJournal.Tests;

/// <summary>Tests that measure the process's memory, or take all of the processor, run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
