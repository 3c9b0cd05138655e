using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>
/// What the service can do instead of serving: <c>prices check</c>, <c>billing reconcile</c>, <c>--help</c>. Settings may follow as to the
/// service itself, <c>--Pricing:File=prices.json</c>.
/// </summary>
internal static class CommandRunner
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>It could not be done, or what was checked has errors.</summary>
    public const int Failure = 1;

    /// <summary>The command line is none (<c>EX_USAGE</c> of sysexits.h).</summary>
    public const int WrongUsage = 64;

    /// <summary>
    /// Runs the command of <paramref name="args"/>, and returns its exit code; null if there is none and the service is to be started.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">For what was asked for.</param>
    /// <param name="error">For what went wrong.</param>
    public static int? Run(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            return args switch
            {
                ["--help" or "-h" or "-?" or "help", ..] => Help.Write(output),
                ["prices", "check", .. var rest] => PricesCheck.Run(rest, output),
                ["billing", "reconcile", .. var rest] => Reconcile.RunAsync(rest, output, error).GetAwaiter().GetResult(),
                [var word, ..] when !word.StartsWith('-') => throw new UsageException($"There is no command '{string.Join(' ', args.TakeWhile(IsWord))}'."),
                _ => null,
            };
        }
        catch (UsageException e)
        {
            error.WriteLine(e.Message);
            error.WriteLine("Commands:");
            Help.WriteCommands(error);
            return WrongUsage;
        }
        catch (SettingsException e)
        {
            error.WriteLine(e.Message);
            return Startup.ConfigurationError;
        }
    }

    /// <summary>The settings in <paramref name="args"/>, the environment and the files, as the service would read them.</summary>
    /// <exception cref="SettingsException">They can't be used.</exception>
    public static WebApplicationBuilder Configure(string[] args, out BillingSettings settings)
    {
        CommandLine.Check(args, [.. BillingSettings.All, .. OpenAISettings.All]);
        var builder = Startup.CreateBuilder(args);
        // What a command says is its output; errors it tells in its own words.
        builder.Logging.ClearProviders();
        settings = BillingSettings.Read(builder.Configuration);
        return builder;
    }

    // What stands where a word should may be a key that slipped there.
    private static bool IsWord(string text) => text.Length <= 16 && text.All(char.IsAsciiLetter);
}
