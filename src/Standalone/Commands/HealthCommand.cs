using System.CommandLine;
using System.Globalization;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Health;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy health</c>: asks the process on this machine whether it is alive, without a shell and without curl.</summary>
internal static class HealthCommand
{
    private static readonly string[] Variables = ["PORT", "ASPNETCORE_HTTP_PORTS"];

    public static Command Create()
    {
        var port = new Option<string>("--port") { Description = "The port to ask; default that of run: PORT, ASPNETCORE_HTTP_PORTS or 8000.", HelpName = "N" };
        var command = new Command("health", "Asks the process on this machine whether it is alive. Exit code 0 if it is, else 1.") { port };
        command.SetAction(result => HealthProbe.Run(Address(result.GetValue(port) ?? Configured())));
        return command;
    }

    private static string Configured()
        => Variables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text))
            ?.Split(';')[0].Trim()
            ?? ListenAddresses.DefaultPort.ToString(CultureInfo.InvariantCulture);

    private static Uri Address(string port) => ushort.TryParse(port, out var number)
        ? new Uri($"http://127.0.0.1:{number}/health/live")
        : throw new SettingsException([$"--port is '{CommandLine.Shorten(port)}'; allowed: 1 to {ushort.MaxValue}."]);
}
