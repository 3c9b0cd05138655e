using System.CommandLine;
using OpenAIProxy.BillingService.Commands;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy prices check</c> and <c>prices update</c>: those of the billing service.</summary>
internal static class PricesCommand
{
    public static Command Create(TextWriter output, TextWriter error) => new("prices", "The prices that usage is counted with.")
    {
        Of("check", "Says what is missing or inconsistent in the prices, Pricing:File included. Exit code 1 if there are errors.", output, error),
        Of("update", "Puts newer prices into Pricing:File, checked and at once. Exit code 1, and nothing changed, if they can't be used.", output, error),
    };

    private static Command Of(string name, string description, TextWriter output, TextWriter error)
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(result => CommandRunner.Run(["prices", name, .. result.UnmatchedTokens], output, error) ?? CommandTree.WrongUsage);
        return command;
    }
}
