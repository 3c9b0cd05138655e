using System.CommandLine;

namespace OpenAIProxy.Standalone.Options;

/// <summary><c>--json</c>, of the commands that print data.</summary>
internal static class JsonFlag
{
    public static Option<bool> Create() => new("--json") { Arity = ArgumentArity.Zero };
}
