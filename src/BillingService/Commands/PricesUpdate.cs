using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.BillingService.Upstream;
using OpenAIProxy.Pricing;
using OpenAIProxy.Pricing.Updates;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Commands;

/// <summary><c>prices update FILE|URL</c>: puts newer prices into <c>Pricing:File</c>, from where running services take them.</summary>
internal static class PricesUpdate
{
    public const string Synopsis = "FILE|URL";

    /// <summary>Runs the command. The file is replaced at once, or left as it is.</summary>
    /// <exception cref="CommandLineException">The command line is wrong.</exception>
    /// <exception cref="SettingsException">The settings are.</exception>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (args is not [{ Length: > 0 } source, ..] || source.StartsWith('-'))
        {
            throw new CommandLineException($"prices update needs a {Synopsis} right after it.");
        }

        // Not all settings: the prices that are in place may be what can't be used.
        CommandLine.Check(args[1..], BillingSettings.All, ConfigFile.Option);
        var reader = new SettingsReader(Startup.CreateBuilder(args[1..]).Configuration, BillingSettings.All);
        var proxy = reader.Get(UpstreamSettings.ProxySetting);
        var file = reader.Get(PriceSettings.FileSetting);
        reader.ThrowIfInvalid();
        if (file is null)
        {
            throw new CommandLineException($"{PriceSettings.FileSetting.Name} names no file. Set it to the file for the prices, here and for the service.");
        }

        try
        {
            var newer = await PriceDownload.ReadAsync(source, proxy, PriceDownload.Patience, cancellationToken);
            var current = File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellationToken) : null;
            var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
            var update = PriceUpdate.Of(PriceDownload.Shown(source), newer, file, current, today);
            AtomicFile.Write(file, update.Content.Span);
            output.WriteLine($"{file} has prices of {update.Models} models now. A service that runs with it takes them without a restart.");
            if (update.Kept.Count > 0)
            {
                output.WriteLine($"Kept from before, since they are by contract or not in {PriceDownload.Shown(source)}: {string.Join(", ", update.Kept)}.");
            }

            return CommandRunner.Success;
        }
        catch (Exception e) when (e is PriceFileException or DownloadException)
        {
            error.WriteLine($"{e.Message}{Environment.NewLine}{file} is left as it was.");
            return CommandRunner.Failure;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{file} ({PriceSettings.FileSetting.Name}) can't be written, and is left as it was: {e.Message}");
            return CommandRunner.Failure;
        }
    }
}
