using System.CommandLine;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.Standalone.Options;
using OpenAIProxy.Standalone.Reports;
using OpenAIProxy.Standalone.Telling;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy usage</c>: what the ledger has, by the report that <c>GET /billing/usage</c> gives.</summary>
internal static class UsageCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var flags = new UsageFlags();
        var csv = new Option<bool>("--csv") { Arity = ArgumentArity.Zero };
        var json = JsonFlag.Create();
        var command = new Command("usage") { csv, json };
        flags.AddTo(command);
        var settings = new SettingsFlags(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            if (result.GetValue(csv) && result.GetValue(json))
            {
                throw new CommandLineException($"{csv.Name} and {json.Name} exclude each other.");
            }

            var query = flags.Read(result);
            await using var ledger = await CommandLedger.StartAsync(StartArguments.Create(settings.Read(result)));
            using var progress = new ProgressLine(error, isOn: !result.GetValue(csv) && !result.GetValue(json));
            var report = await UsageRequest.ReadAsync(ledger, query, result.GetValue(csv), progress, cancellationToken);
            progress.Clear();
            if (result.GetValue(csv) || result.GetValue(json))
            {
                output.Write(report);
                output.Write(result.GetValue(json) ? Environment.NewLine : "");
                return 0;
            }

            UsageTable.Write(output, report);
            return 0;
        });
        return command;
    }
}
