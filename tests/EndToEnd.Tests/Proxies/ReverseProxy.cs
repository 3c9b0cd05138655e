using System.Net;
using System.Net.Sockets;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Proxies;

/// <summary>
/// nginx or Caddy with the file that <c>deploy</c> has for it. Only ports, the certificate and the gateway's address are put in; whatever else
/// stands there is what users copy.
/// </summary>
internal sealed class ReverseProxy : IAsyncDisposable
{
    private const string Gateway = "127.0.0.1:8000";

    private readonly RunningCommand _process;
    private readonly DirectoryInfo _folder;

    private ReverseProxy(RunningCommand process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        Address = new Uri($"https://127.0.0.1:{port}");
    }

    /// <summary>Where it takes TLS.</summary>
    public Uri Address { get; }

    /// <summary>Starts <c>nginx</c> or <c>caddy</c> before a gateway.</summary>
    public static async Task<ReverseProxy> StartAsync(string name, Uri gateway)
    {
        var folder = Directory.CreateTempSubdirectory($"openaiproxy-{name}-");
        var (certificate, key) = WriteCertificate(folder.FullName);
        var port = FreePort.Take();
        var process = name == "nginx"
            ? StartNginx(folder.FullName, port, certificate, key, gateway.Authority)
            : StartCaddy(folder.FullName, port, certificate, key, gateway.Authority);
        var proxy = new ReverseProxy(process, folder, port);
        try
        {
            await HangGuard.Until(() => process.Exited.IsCompleted || Listens(port), $"{name} listens: {process.Text}");
            Assert.False(process.Exited.IsCompleted, process.Text);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static RunningCommand StartNginx(string folder, int port, string certificate, string key, string gateway)
    {
        var site = Replace(
            File.ReadAllText(Tree.PathTo("deploy/nginx.conf")),
            ("listen 80;", $"listen 127.0.0.1:{FreePort.Take()};"),
            ("listen 443 ssl", $"listen 127.0.0.1:{port} ssl"),
            ("/etc/letsencrypt/live/ai.example.com/fullchain.pem", certificate),
            ("/etc/letsencrypt/live/ai.example.com/privkey.pem", key),
            (Gateway, gateway));
        File.WriteAllText(Path.Combine(folder, "site.conf"), site);
        var temporary = string.Concat(((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(kind => $"{kind}_temp_path {folder}/{kind};"));
        // The workers of a root would be somebody else, who can't look into the folder.
        var user = Environment.IsPrivilegedProcess ? "user root;" : "";
        var main = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(main,
            $"{user} daemon off; pid {folder}/nginx.pid; error_log stderr; events {{}} http {{ access_log off; {temporary} include {folder}/site.conf; }}");
        return RunningCommand.Start("nginx", ["-p", folder, "-e", "stderr", "-c", main], folder: folder);
    }

    private static RunningCommand StartCaddy(string folder, int port, string certificate, string key, string gateway)
    {
        var file = Replace(
            File.ReadAllText(Tree.PathTo("deploy/Caddyfile")),
            ("\nai.example.com {", $"\nhttps://127.0.0.1:{port} {{\n\ttls {certificate} {key}"),
            (Gateway, gateway));
        var path = Path.Combine(folder, "Caddyfile");
        File.WriteAllText(path, "{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + file);
        var home = new Dictionary<string, string?> { ["HOME"] = folder, ["XDG_DATA_HOME"] = folder, ["XDG_CONFIG_HOME"] = folder };
        return RunningCommand.Start("caddy", ["run", "--config", path, "--adapter", "caddyfile"], home, folder);
    }

    private static string Replace(string text, params (string Old, string New)[] pairs)
    {
        foreach (var (old, @new) in pairs)
        {
            Assert.Contains(old, text, StringComparison.Ordinal);
            text = text.Replace(old, @new, StringComparison.Ordinal);
        }

        return text;
    }

    private static (string Certificate, string Key) WriteCertificate(string folder)
    {
        using var certificate = SelfSignedCertificate.Create();
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        var (certificateFile, keyFile) = (Path.Combine(folder, "certificate.pem"), Path.Combine(folder, "key.pem"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }

    private static bool Listens(int port)
    {
        try
        {
            using var socket = new TcpClient();
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
