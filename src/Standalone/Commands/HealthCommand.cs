using System.CommandLine;
using System.Globalization;
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
        command.SetAction(result =>
        {
            var said = result.GetResult(port) is null ? null : result.GetValue(port);
            var address = Address(flags.Read(result, said is null ? [] : [$"--port={said}"]), said);
            // Where the process listens is this machine, whatever its certificate names.
            return HealthProbe.Run(address, isOwn: true);
        });
        return command;
    }

    private static Uri Address(ParsedFlags parsed, string? port)
    {
        var args = Halves.ForGateway(StartArguments.Create(parsed).Args);
        // A port that is none was refused here.
        var addresses = ListenAddresses.Apply(Startup.CreateBuilder(args), args);
        var all = addresses.Urls.Select(BindingAddress.Parse).ToArray();
        if (all.FirstOrDefault(HasPort) is { } listening)
        {
            return Live(listening.Scheme, Host(listening.Host), listening.Port);
        }

        var number = port is null ? 0 : int.Parse(port, CultureInfo.InvariantCulture);
        return number == 0
            ? throw new SettingsException([$"It listens on {addresses}, which tells no port to ask. Say --port."])
            : Live(all[0].Scheme, IPAddress.Loopback.ToString(), number);
    }

    private static bool HasPort(BindingAddress address) => address.Port != 0 && !address.IsUnixPipe && !address.IsNamedPipe;

    private static Uri Live(string scheme, string host, int port) => new UriBuilder(scheme, host, port, "/health/live").Uri;

    // Every name but localhost, such as *, is all addresses: this machine's own among them.
    private static string Host(string host)
        => IPAddress.TryParse(host.Trim('[', ']'), out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? host : IPAddress.Loopback.ToString();
}
