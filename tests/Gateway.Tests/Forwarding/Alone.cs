namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Tests that measure the process's memory run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
