using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Commands;

/// <summary>What the gateway can do instead of serving: <c>billing resend</c>. Settings may follow as to the gateway itself.</summary>
internal static class GatewayCommands
{
    /// <summary>The command line is none (<c>EX_USAGE</c> of sysexits.h).</summary>
    public const int WrongUsage = 64;

    /// <summary>
    /// Runs the command of <paramref name="args"/>, and returns its exit code; null if there is none and the gateway is to be started.
    /// </summary>
    public static int? Run(string[] args, TextWriter output, TextWriter error)
    {
        if (CommandLine.AsksForHelp(args))
        {
            return GatewayHelp.Write(output);
        }

        // What looks like a setting without its dashes is told so where settings are checked.
        if (args is not [var first, ..] || !IsWord(first))
        {
            return null;
        }

        if (args is not ["billing", "resend", .. var settings])
        {
            error.WriteLine($"There is no such command: '{string.Join(' ', args.TakeWhile(IsWord).Select(CommandLine.Shorten))}'. "
                + "Without one the gateway serves; 'billing resend' sends refused usage to the billing service again.");
            return WrongUsage;
        }

        try
        {
            GatewayBuilder.Create(settings, out var all);
            return BillingResend.RunAsync(all.Metering, all.Billing, BillingDial.Network, output, error).GetAwaiter().GetResult();
        }
        catch (SettingsException e)
        {
            error.WriteLine(e.Message);
            return Startup.ConfigurationError;
        }
    }

    private static bool IsWord(string argument) => !argument.StartsWith('-') && !argument.AsSpan().ContainsAny('=', '/');
}
