using System.CommandLine;
using System.Net;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Health;
using OpenAIProxy.Standalone.Hosting;
using OpenAIProxy.Standalone.Options;

namespace OpenAIProxy.Standalone.Commands;

/// <summary>
/// <c>openai-proxy health</c>: asks the process on this machine whether it is alive, without a shell and without curl. It listens where the
/// settings of this command say: with the same settings it is found, whatever its port and whether or not it has a certificate.
/// </summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var port = new Option<string>("--port") { HelpName = "N" };
        var command = new Command("health") { port };
        var flags = new SettingsFlags(command);
        command.SetAction(result => HealthProbe.Run(Address(flags.Read(
            result, result.GetResult(port) is null ? [] : [$"--port={result.GetValue(port)}"]))));
        return command;
    }

    private static Uri Address(ParsedFlags parsed)
    {
        var args = Halves.ForGateway(StartArguments.Create(parsed).Args);
        var url = ListenAddresses.Apply(Startup.CreateBuilder(args), args).Urls[0];
        var listening = BindingAddress.Parse(url);
        if (listening.Port == 0 || listening.IsUnixPipe || listening.IsNamedPipe)
        {
            throw new SettingsException([$"It listens on {url}, which tells no port to ask. Say --port."]);
        }

        return new UriBuilder(listening.Scheme, Host(listening.Host), listening.Port, "/health/live").Uri;
    }

    // Every name but localhost, such as *, is all addresses: this machine's own among them.
    private static string Host(string host)
        => IPAddress.TryParse(host.Trim('[', ']'), out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? host : IPAddress.Loopback.ToString();
}
