using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.Standalone.Telling;

namespace OpenAIProxy.Standalone.Commands;

/// <summary>All commands of <c>openai-proxy</c>. Without one it runs.</summary>
internal static class CommandTree
{
    /// <summary>Runs the command of <paramref name="args"/>. Returns its exit code.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is ["--version"])
        {
            output.WriteLine(typeof(CommandTree).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);
            return 0;
        }

        if (args is ["help", .. var asked])
        {
            args = [.. asked, "--help"];
        }

        // Only flags and settings: an image is started without a command.
        if (args is [] || (args[0].StartsWith('-') && !CommandLine.AsksForHelp(args)))
        {
            args = ["run", .. args];
        }

        var result = Create(output, error).Parse(args, CommandRunner.Parsing);
        // Who asks for help need not have said the rest.
        if (result.Errors.Count > 0 && result.Action is not HelpWriter)
        {
            foreach (var message in ParseErrors.Of(result, args))
            {
                error.WriteLine(message);
            }

            error.WriteLine("openai-proxy --help says what there is.");
            return CommandRunner.WrongUsage;
        }

        try
        {
            return result.Invoke(new InvocationConfiguration
            {
                // A signal is for the host alone, which ends the answers in progress first.
                ProcessTerminationTimeout = null,
                EnableDefaultExceptionHandler = false,
                Output = output,
                Error = error,
            });
        }
        catch (CommandFailedException e)
        {
            error.WriteLine(e.Message);
            return CommandRunner.Failure;
        }
        catch (CommandLineException e)
        {
            error.WriteLine(e.Message);
            return CommandRunner.WrongUsage;
        }
        catch (SettingsException e)
        {
            error.WriteLine(e.Message);
            return Startup.ConfigurationError;
        }
    }

    private static RootCommand Create(TextWriter output, TextWriter error)
    {
        var root = new RootCommand
        {
            RunCommand.Create(output), HealthCommand.Create(), CheckCommand.Create(output), UsageCommand.Create(output, error),
            KeysCommand.Create(output, error), AlertsCommand.Create(output), PricesCommand.Create(output, error), ReconcileCommand.Create(output, error),
            ResendCommand.Create(output, error), CompletionCommand.Create(output),
        };
        var text = HelpText.OfThisMachine();
        text.Describe(root);
        root.Options.OfType<HelpOption>().Single().Action = new HelpWriter(text);
        return root;
    }
}
