using System.CommandLine;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.Standalone.Hosting;
using OpenAIProxy.Standalone.Options;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy prices …</c>: the commands of the billing service.</summary>
internal static class PricesCommand
{
    public static Command Create(TextWriter output, TextWriter error) => new("prices", "The prices that usage is counted with.")
    {
        Check(output), Show(output, error), Update(output, error),
    };

    private static Command Check(TextWriter output)
    {
        var json = JsonFlag.Create();
        var command = new Command("check", "Says what is missing or inconsistent in the prices, Pricing:File included. Exit code 1 if there are errors.")
        {
            json,
        };
        var flags = new SettingsFlags(command);
        command.SetAction(result => PricesCheck.Run(Settings(flags.Read(result)), result.GetValue(json), output));
        return command;
    }

    private static Command Show(TextWriter output, TextWriter error)
    {
        var model = new Argument<string>(PricesShow.Synopsis) { Description = "The model, a snapshot of it, or tool: and the name of a tool." };
        var json = JsonFlag.Create();
        var command = new Command("show", "Says what usage of a model is priced by today. Exit code 1 if it has no price.") { model, json };
        var flags = new SettingsFlags(command);
        command.SetAction(result
            => PricesShow.Run(result.GetRequiredValue(model), Settings(flags.Read(result)), result.GetValue(json), output, error));
        return command;
    }

    private static Command Update(TextWriter output, TextWriter error)
    {
        var source = new Argument<string>(PricesUpdate.Synopsis) { Description = "Where the newer prices are." };
        var command = new Command(
            "update", "Puts newer prices into Pricing:File, checked and at once. Exit code 1, and nothing changed, if they can't be used.") { source };
        var flags = new SettingsFlags(command);
        command.SetAction((result, cancellationToken)
            => PricesUpdate.RunAsync([result.GetRequiredValue(source), .. Settings(flags.Read(result))], output, error, cancellationToken));
        return command;
    }

    private static string[] Settings(ParsedFlags parsed) => Halves.ForBilling(StartArguments.Create(parsed).Args);
}
