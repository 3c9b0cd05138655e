namespace OpenAIProxy.Runner.Processes;

/// <summary>The ports that a subject's command line names.</summary>
/// <param name="Own">Where it listens.</param>
/// <param name="Upstream">The simulator's.</param>
/// <param name="Billing">The billing service's.</param>
/// <param name="Cache">That of Redis.</param>
internal readonly record struct Ports(int Own, int Upstream, int Billing, int Cache);
