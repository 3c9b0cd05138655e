using System.CommandLine;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.Standalone.Hosting;
using OpenAIProxy.Standalone.Options;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy prices …</c>: the commands of the billing service.</summary>
internal static class PricesCommand
{
    public static Command Create(TextWriter output, TextWriter error) => new("prices")
    {
        Check(output), Show(output, error), Update(output, error),
    };

    private static Command Check(TextWriter output)
    {
        var json = JsonFlag.Create();
        var command = new Command("check") { json };
        var flags = new SettingsFlags(command);
        command.SetAction(result => PricesCheck.Run(Settings(flags.Read(result)), result.GetValue(json), output));
        return command;
    }

    private static Command Show(TextWriter output, TextWriter error)
    {
        var model = new Argument<string>(PricesShow.Synopsis);
        var json = JsonFlag.Create();
        var command = new Command("show") { model, json };
        var flags = new SettingsFlags(command);
        command.SetAction(result
            => PricesShow.Run(result.GetRequiredValue(model), Settings(flags.Read(result)), result.GetValue(json), output, error));
        return command;
    }

    private static Command Update(TextWriter output, TextWriter error)
    {
        var source = new Argument<string>(PricesUpdate.Synopsis);
        var command = new Command("update") { source };
        var flags = new SettingsFlags(command);
        command.SetAction((result, cancellationToken)
            => PricesUpdate.RunAsync([result.GetRequiredValue(source), .. Settings(flags.Read(result))], output, error, cancellationToken));
        return command;
    }

    private static string[] Settings(ParsedFlags parsed) => Halves.ForBilling(StartArguments.Create(parsed).Args);
}
