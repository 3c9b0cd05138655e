using System.CommandLine;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.Standalone.Hosting;
using OpenAIProxy.Standalone.Options;
using OpenAIProxy.Standalone.Telling;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy reconcile</c>: <c>billing reconcile</c> of the billing service, with the ledger of this process.</summary>
internal static class ReconcileCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var json = JsonFlag.Create();
        var command = new Command("reconcile");
        var options = ReconcileOptions.AddTo(command);
        command.Options.Add(json);
        var flags = new SettingsFlags(command);
        command.SetAction(async (result, _) =>
        {
            var settings = Halves.ForBilling(StartArguments.Create(flags.Read(result)).Args);
            using var progress = new ProgressLine(error, isOn: !result.GetValue(json));
            return await Reconcile.RunAsync(
                options(result) with { Settings = settings }, result.GetValue(json), new AfterProgress(progress, output), new AfterProgress(progress, error),
                (done, all) => progress.Say("asking for costs", done, all));
        });
        return command;
    }
}
