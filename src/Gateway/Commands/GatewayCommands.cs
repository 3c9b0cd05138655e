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
        if (args is not [var first, ..] || first.StartsWith('-'))
        {
            return null;
        }

        if (args is not ["billing", "resend", .. var settings])
        {
            error.WriteLine("There is no such command. Without one the gateway serves; 'billing resend' sends refused usage to the billing service again.");
            return WrongUsage;
        }

        try
        {
            return ResendAsync(settings, output, error).GetAwaiter().GetResult();
        }
        catch (SettingsException e)
        {
            error.WriteLine(e.Message);
            return Startup.ConfigurationError;
        }
    }

    private static Task<int> ResendAsync(string[] args, TextWriter output, TextWriter error)
    {
        CommandLine.Check(args, GatewaySettings.All, "port", "workers");
        var builder = Startup.CreateBuilder(args);
        return BillingResend.RunAsync(GatewaySettings.Read(builder.Configuration, ListenAddresses.Apply(builder, args)), output, error);
    }
}
