namespace OpenAIProxy.Runner.Processes;

/// <summary>Something to measure: one of the proxies, or the simulator itself.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Command">The command line for these ports; empty for the simulator, which runs already.</param>
/// <param name="Http2Upstream">True if it speaks HTTP/2 with the upstream.</param>
internal sealed record Subject(string Name, Func<Ports, IReadOnlyList<string>> Command, bool Http2Upstream = false)
{
    public static IReadOnlyList<string> None(Ports ports) => [];

    public override string ToString() => Name;
}
