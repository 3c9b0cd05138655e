using System.Globalization;
using System.Net;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>
/// Where the gateway listens. In order of precedence: <c>--port</c>, <c>--urls</c> or <c>ASPNETCORE_URLS</c>, <c>PORT</c>,
/// <c>ASPNETCORE_HTTP_PORTS</c> or <c>Kestrel:Endpoints</c>, and port 8000 on all interfaces, as the projects it replaces did. A port
/// without a host is https if there is a certificate (<c>Https:Certificate</c>), else http; so is that of <c>ASPNETCORE_HTTP_PORTS</c>
/// where nothing else is to be https.
/// </summary>
public sealed class ListenAddresses
{
    internal const int DefaultPort = 8000;
    private readonly IReadOnlyList<string> _urls;

    private ListenAddresses(IReadOnlyList<string> urls)
    {
        _urls = urls;
        // Read now, so that a wrong one is told before anything starts.
        AreLoopback = urls.Select(IsLoopback).ToArray().All(loopback => loopback);
    }

    /// <summary>The configuration's names for addresses, without <c>PORT</c> and <c>Kestrel:Endpoints</c>.</summary>
    internal static IReadOnlyList<string> Names { get; } = ["urls", "http_ports", "https_ports"];

    /// <summary>The addresses as they were said, such as <c>http://*:8000</c>; at least one.</summary>
    internal IReadOnlyList<string> Urls => _urls;

    /// <summary>True if every address can be reached from this machine only.</summary>
    public bool AreLoopback { get; }

    /// <summary>True if one of them is for TLS.</summary>
    public bool HaveHttps => _urls.Any(u => u.StartsWith("https://", StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _urls);

    /// <summary>The address of this machine alone, at the port that would otherwise be everybody's.</summary>
    internal static string OnThisMachine(IConfiguration configuration)
    {
        // A wrong port is told where addresses are decided.
        var port = int.TryParse(configuration["PORT"], out var number) ? number : DefaultPort;
        // Kestrel gives no free port for a name that is two addresses.
        return $"{Scheme(configuration)}://{(port == 0 ? "127.0.0.1" : "localhost")}:{port}";
    }

    /// <summary>Decides the addresses and tells the server.</summary>
    /// <exception cref="SettingsException">The port is none.</exception>
    internal static ListenAddresses Apply(WebApplicationBuilder builder, IReadOnlyList<string> args)
    {
        var configuration = builder.Configuration;
        var urls = Split(configuration["urls"]);
        var portOption = args.Any(a => a.Split('=')[0].Equals("--port", StringComparison.OrdinalIgnoreCase));
        if (portOption || (urls.Length == 0 && configuration["PORT"] is { Length: > 0 }))
        {
            var port = Port(configuration["PORT"]);
            // A port keeps the hosts that were chosen: a gateway on loopback stays there.
            return Use(builder, urls.Length == 0 ? [Any(configuration, port)] : [.. urls.Select(u => WithPort(u, port))]);
        }

        if (urls.Length > 0)
        {
            return new ListenAddresses(urls);
        }

        string[] endpoints = [.. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>()];
        var ports = Split(configuration["http_ports"]);
        var httpsPorts = Split(configuration["https_ports"]);
        if (ports.Length > 0 && httpsPorts.Length == 0 && endpoints.Length == 0 && HttpsSettings.IsSet(configuration))
        {
            // An image has its port in ASPNETCORE_HTTP_PORTS, whether or not it is given a certificate.
            builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "");
            return Use(builder, [.. ports.Select(port => $"https://*:{port}")]);
        }

        string[] others = [.. endpoints, .. ports.Select(port => $"http://*:{port}"), .. httpsPorts.Select(port => $"https://*:{port}")];
        return others.Length > 0 ? new ListenAddresses(others) : Use(builder, [Any(configuration, DefaultPort)]);
    }

    private static ListenAddresses Use(WebApplicationBuilder builder, string[] urls)
    {
        builder.WebHost.UseUrls(urls);
        return new ListenAddresses(urls);
    }

    private static string[] Split(string? text) => text?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string Any(IConfiguration configuration, int port) => $"{Scheme(configuration)}://*:{port}";

    private static string Scheme(IConfiguration configuration) => HttpsSettings.IsSet(configuration) ? "https" : "http";

    private static string WithPort(string url, int port)
    {
        var address = Parse(url);
        return $"{address.Scheme}://{address.Host}:{port}";
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new SettingsException([$"--urls (ASPNETCORE_URLS) has '{url}'; allowed: addresses such as http://localhost:8000, with ; between."]);
        }
    }

    private static int Port(string? text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new SettingsException([$"--port (PORT) is '{text}'; allowed: 0 (any free port) to {IPEndPoint.MaxPort}."]);

    private static bool IsLoopback(string url)
    {
        var address = Parse(url);
        return address.IsUnixPipe || address.IsNamedPipe
            || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
    }
}
