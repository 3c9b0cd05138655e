using System.CommandLine;
using OpenAIProxy.Gateway.Commands;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Standalone.Hosting;
using OpenAIProxy.Standalone.Options;
using OpenAIProxy.Standalone.Reports;
using OpenAIProxy.Standalone.Telling;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy resend</c>: <c>billing resend</c> of the gateway, to the ledger of this process.</summary>
internal static class ResendCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("resend");
        var flags = new SettingsFlags(command);
        command.SetAction(async (result, _) =>
        {
            var start = StartArguments.Create(flags.Read(result));
            await using var ledger = await CommandLedger.StartAsync(start);
            GatewayBuilder.Create(Halves.ForGateway(start.Args, ledger.InternalToken), out var settings);
            using var progress = new ProgressLine(error, isOn: true);
            return await BillingResend.RunAsync(
                settings.Metering, settings.Billing, ledger.Dial, new AfterProgress(progress, output), new AfterProgress(progress, error),
                (done, all) => progress.Say("sending", done, all));
        });
        return command;
    }
}
