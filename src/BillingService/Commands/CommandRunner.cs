using System.CommandLine;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>
/// What the service can do instead of serving: <c>prices check</c>, <c>prices show</c>, <c>prices update</c>, <c>billing reconcile</c>, <c>--help</c>.
/// Settings may follow as to the service itself, <c>--Pricing:File=prices.json</c>.
/// </summary>
internal static class CommandRunner
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>It could not be done, or what was checked has errors.</summary>
    public const int Failure = 1;

    /// <summary>The command line is none (<c>EX_USAGE</c> of sysexits.h).</summary>
    public const int WrongUsage = 64;

    /// <summary>Has a command print one JSON object.</summary>
    public const string JsonOption = "--json";

    /// <summary>How command lines are read: an argument that begins with @ is a value, not a file of further arguments.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>
    /// Runs the command of <paramref name="args"/>, and returns its exit code; null if there is none and the service is to be started.
    /// </summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">For what was asked for.</param>
    /// <param name="error">For what went wrong.</param>
    public static int? Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is not [var first, ..])
        {
            return null;
        }

        if (CommandLine.AsksForHelp(args))
        {
            return Help.Write(output);
        }

        // Only settings, whose values may be the words of a command.
        if (first.StartsWith('-'))
        {
            return null;
        }

        try
        {
            return Run(Commands(output, error).Parse(args, Parsing), args);
        }
        catch (CommandLineException e)
        {
            error.WriteLine(e.Message);
            error.WriteLine("Commands:");
            Help.WriteCommands(error);
            return WrongUsage;
        }
        catch (CommandFailedException e)
        {
            error.WriteLine(e.Message);
            return Failure;
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
        CommandLine.Check(args, BillingSettings.All, ConfigFile.Option);
        var builder = Startup.CreateBuilder(args);
        // What a command says is its output; errors it tells in its own words.
        builder.Logging.ClearProviders();
        settings = BillingSettings.Read(builder.Configuration);
        return builder;
    }

    /// <summary>True for what may be shown where a word of the command line should stand: what stands there may be a key that slipped there.</summary>
    public static bool IsWord(string text) => text.Length <= 16 && text.All(char.IsAsciiLetter);

    private static int Run(ParseResult result, string[] args)
    {
        if (result.CommandResult.Command is { Action: null })
        {
            throw new CommandLineException($"There is no command '{string.Join(' ', args.TakeWhile(IsWord))}'.");
        }

        if (result.Errors.Count > 0)
        {
            throw new CommandLineException(string.Join(Environment.NewLine, result.Errors.Select(e => e.Message)));
        }

        return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    // What no command takes is a setting, checked where settings are read.
    private static RootCommand Commands(TextWriter output, TextWriter error)
    {
        var check = new Command("check") { TreatUnmatchedTokensAsErrors = false };
        var json = new Option<bool>(JsonOption) { Recursive = true, Arity = ArgumentArity.Zero };
        check.SetAction(result => PricesCheck.Run([.. result.UnmatchedTokens], result.GetValue(json), output));
        var model = new Argument<string>(PricesShow.Synopsis);
        var show = new Command("show") { model };
        show.TreatUnmatchedTokensAsErrors = false;
        show.SetAction(result => PricesShow.Run(result.GetRequiredValue(model), [.. result.UnmatchedTokens], result.GetValue(json), output, error));
        var update = new Command("update") { TreatUnmatchedTokensAsErrors = false };
        update.SetAction((result, cancellationToken) => PricesUpdate.RunAsync([.. result.UnmatchedTokens], output, error, cancellationToken));
        var reconcile = new Command("reconcile") { TreatUnmatchedTokensAsErrors = false };
        var options = ReconcileOptions.AddTo(reconcile);
        reconcile.SetAction((result, _) => Reconcile.RunAsync(options(result), result.GetValue(json), output, error));

        var root = new RootCommand { new Command("prices") { check, show, update }, new Command("billing") { reconcile } };
        root.TreatUnmatchedTokensAsErrors = false;
        root.Options.Clear();
        root.Options.Add(json);
        return root;
    }
}
