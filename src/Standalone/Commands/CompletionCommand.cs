using System.CommandLine;
using OpenAIProxy.Standalone.Completion;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy completion SHELL</c>: prints the script that has a shell complete the command line.</summary>
internal static class CompletionCommand
{
    public static Command Create(TextWriter output)
    {
        var shell = new Argument<string>("SHELL");
        shell.AcceptOnlyFromAmong([.. CompletionScripts.All.Keys]);
        var command = new Command("completion") { shell };
        command.SetAction(result => output.WriteLine(CompletionScripts.All[result.GetRequiredValue(shell)]));
        return command;
    }
}
