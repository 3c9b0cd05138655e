using System.CommandLine;
using OpenAIProxy.BillingService.Commands;

namespace OpenAIProxy.Standalone.Options;

/// <summary><c>--json</c>, of the commands that print data.</summary>
internal static class JsonFlag
{
    public static Option<bool> Create() => new(CommandRunner.JsonOption) { Arity = ArgumentArity.Zero };
}
