using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.AppHost.Telemetry;

/// <summary>
/// Where the dashboard is: on its usual port, so that its address stays the same, or on a free one where another AppHost has that. What
/// only programs use (OTLP, the resource service) is always on free ports. The usual port is held by a lock file, since a port that is free
/// now may be taken by the time the dashboard listens there.
/// </summary>
internal sealed class DashboardAddresses : IDisposable
{
    private const string UrlsVariable = "ASPNETCORE_URLS";
    private const string Usual = "http://localhost:15000";
    private const string Free = "http://127.0.0.1:0";

    private readonly FileStream? _lock;

    private DashboardAddresses(FileStream? @lock) => _lock = @lock;

    /// <summary>Puts the addresses into this process's environment, where Aspire reads them.</summary>
    public static DashboardAddresses Choose()
    {
        SetUnlessSet("ASPIRE_ALLOW_UNSECURED_TRANSPORT", "true");
        SetUnlessSet("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", Free);
        SetUnlessSet("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", Free);
        var wanted = Environment.GetEnvironmentVariable(UrlsVariable) is { Length: > 0 } urls ? urls : Usual;
        var held = TryHold(wanted);
        Environment.SetEnvironmentVariable(UrlsVariable, held is null ? Free : wanted);
        return new DashboardAddresses(held);
    }

    /// <summary>Lets others have the usual port.</summary>
    public void Dispose() => _lock?.Dispose();

    private static FileStream? TryHold(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !IsFree(uri.Port))
        {
            return null;
        }

        try
        {
            var file = Path.Combine(Path.GetTempPath(), $"openaiproxy-dashboard-{uri.Port}.lock");
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void SetUnlessSet(string name, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
