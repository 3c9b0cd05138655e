using System.CommandLine;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.Standalone.Checks;
using OpenAIProxy.Standalone.Hosting;
using OpenAIProxy.Standalone.Options;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy check</c>: would it run with these settings, and who could do what? Takes the flags of <c>run</c>.</summary>
internal static class CheckCommand
{
    public static Command Create(TextWriter output)
    {
        var json = JsonFlag.Create();
        var command = new Command("check") { json };
        var flags = new RunFlags(command, hasDemo: false);
        command.SetAction(async (result, cancellationToken) =>
        {
            Action<TextWriter, IReadOnlyList<Finding>> write = result.GetValue(json) ? CheckReport.WriteJson : CheckReport.Write;
            try
            {
                var findings = await FindAsync(flags.Read(result), cancellationToken);
                write(output, findings);
                return findings.Any(finding => finding.Mark == CheckMark.Error) ? CommandRunner.Failure : 0;
            }
            catch (SettingsException e) when (result.GetValue(json))
            {
                write(output, [.. e.Errors.Select(message => Finding.Error("settings", message))]);
                throw;
            }
        });
        return command;
    }

    private static async Task<IReadOnlyList<Finding>> FindAsync(ParsedFlags parsed, CancellationToken cancellationToken)
    {
        var start = StartArguments.Create(parsed);
        // Built, not started: it says whatever stops a start, and nothing listens.
        await using var process = OneProcess.Build(start.Args, start.InternalToken);
        var settings = process.Gateway.Services.GetRequiredService<GatewaySettings>();
        var ledger = process.Billing.Services.GetRequiredService<LedgerSettings>();
        var args = Halves.ForGateway(start.Args);
        var addresses = ListenAddresses.Apply(Startup.CreateBuilder(args), args);
        var upstream = new UpstreamCheck(process.Gateway.Services.GetRequiredService<Upstream>(), settings, TimeProvider.System);
        return
        [
            Finding.Ok("settings", "The settings can be used."),
            .. SettingsFileChecks.Find((IConfigurationRoot)start.Configuration),
            .. Folders(ledger, settings),
            .. await new LedgerCheck(process.Billing.Services.GetRequiredService<ILedgerDatabase>(), ledger).FindAsync(cancellationToken),
            .. await new ModelChecks(process.Billing.Services, TimeProvider.System).FindAsync(cancellationToken),
            .. AccessChecks.Find(settings, addresses, process.Billing.Services.GetRequiredService<BillingSettings>()),
            .. await upstream.FindAsync(cancellationToken),
        ];
    }

    private static IEnumerable<Finding> Folders(LedgerSettings ledger, GatewaySettings settings)
    {
        if (ledger.ConnectionString is null)
        {
            yield return FolderChecks.Find("ledger", Path.GetDirectoryName(ledger.File)!);
        }

        if (settings.Metering.IsOn)
        {
            yield return FolderChecks.Find("journal", settings.Metering.JournalDirectory);
        }
    }
}
