using OpenAIProxy.Standalone.Commands;

namespace OpenAIProxy.Standalone;

/// <summary>The command <c>openai-proxy</c>: gateway and billing service in one process.</summary>
public static class Program
{
    /// <summary>Runs a command. Returns its exit code.</summary>
    public static int Main(string[] args) => CommandTree.Run(args, Console.Out, Console.Error);
}
