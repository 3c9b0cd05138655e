using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Listening;

/// <summary>TLS with a certificate of the operator's, from PEM files.</summary>
public sealed class HttpsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-test-https-");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    private string CertificatePath => Path.Combine(_folder.FullName, "fullchain.pem");

    private string KeyPath => Path.Combine(_folder.FullName, "privkey.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Certificate_Renewed_IsShownToNewConnectionsWhileTheOldOneGoesOn()
    {
        Write("first");
        await using var rig = await StartAsync();
        using var old = await HandshakeAsync(rig);
        Assert.Equal("CN=first", old.RemoteCertificate!.Subject);
        await AssertAnswersAsync(old);

        Write("second");
        _time.Advance(TlsCertificate.Interval);

        using var renewed = await HandshakeAsync(rig);
        Assert.Equal("CN=second", renewed.RemoteCertificate!.Subject);
        await AssertAnswersAsync(renewed);
        await AssertAnswersAsync(old);
    }

    [Fact]
    public async Task Certificate_RenewedWithABrokenFile_StaysTheOldOneUntilTheFileIsWhole()
    {
        Write("first");
        await using var rig = await StartAsync();
        await File.WriteAllTextAsync(CertificatePath, "-----BEGIN CERT", TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            _time.Advance(TlsCertificate.Interval);
            using var kept = await HandshakeAsync(rig);
            Assert.Equal("CN=first", kept.RemoteCertificate!.Subject);
        }

        Assert.Single(rig.Gateway.Logs.Find("have changed and can't be used"));
        Write("second");
        _time.Advance(TlsCertificate.Interval);
        using var renewed = await HandshakeAsync(rig);
        Assert.Equal("CN=second", renewed.RemoteCertificate!.Subject);
    }

    [Fact]
    public async Task Certificate_Expired_IsAWarningAndStillShown()
    {
        Write("old", validDays: -1);
        await using var rig = await StartAsync();
        using var connection = await HandshakeAsync(rig);
        Assert.Equal("CN=old", connection.RemoteCertificate!.Subject);
        Assert.Single(rig.Gateway.Logs.Find("The certificate of Https:Certificate expired at"));
    }

    [Fact]
    public async Task Certificate_OverTls_OffersHttp2()
    {
        Write("first");
        await using var rig = await StartAsync();
        using var connection = await HandshakeAsync(rig, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);
        Assert.Equal(SslApplicationProtocol.Http2, connection.NegotiatedApplicationProtocol);
    }

    [Fact]
    public void Certificate_WithoutAddresses_MakesThePortSpeakHttps()
    {
        Write("first");
        using var app = GatewayHost.Build(
            ("OpenAI:ApiKey", Keys.Operator), ("Access:AllowAnonymous", "true"), ("port", "0"), ("ssl_certfile", CertificatePath), ("ssl_keyfile", KeyPath));
        Assert.Equal("https://*:0", app.Configuration["urls"]);
    }

    [Fact]
    public async Task Certificate_WithThePortOfAnImage_MakesItSpeakHttps()
    {
        Write("first");
        await using var rig = await Rig.StartAsync(
            _time, ("urls", ""), ("ASPNETCORE_HTTP_PORTS", "0"), ("Access:AllowAnonymous", "true"), ("Https:Certificate", CertificatePath),
            ("Https:Key", KeyPath));
        using var connection = await HandshakeAsync(rig);
        Assert.Equal("CN=first", connection.RemoteCertificate!.Subject);
    }

    [Fact]
    public void Certificate_WithAnHttpsPortBesideThePortOfAnImage_LeavesThatOneHttp()
    {
        Write("first");
        using var app = GatewayHost.Build(
            ("OpenAI:ApiKey", Keys.Operator), ("Access:AllowAnonymous", "true"), ("urls", ""), ("ASPNETCORE_HTTP_PORTS", "8000"),
            ("ASPNETCORE_HTTPS_PORTS", "8443"), ("Https:Certificate", CertificatePath), ("Https:Key", KeyPath));
        Assert.Equal("8000", app.Configuration["http_ports"]);
        Assert.Equal("8443", app.Configuration["https_ports"]);
        Assert.Equal("", app.Configuration["urls"]);
    }

    [Fact]
    public void Key_OfAnotherCertificate_StopsTheStart()
    {
        Write("first");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(KeyPath, other.ExportPkcs8PrivateKeyPem());
        AssertRefused("Https:Certificate and Https:Key are not a certificate and its key", "https://127.0.0.1:0");
    }

    [Fact]
    public void Key_Missing_StopsTheStart()
    {
        Write("first");
        File.Delete(KeyPath);
        AssertRefused($"Https:Key is '{KeyPath}', which can't be read", "https://127.0.0.1:0");
    }

    [Fact]
    public void Certificate_ThatNoAddressUses_StopsTheStart()
    {
        Write("first");
        AssertRefused("no address of --urls, ASPNETCORE_URLS or Kestrel:Endpoints begins with https://", "http://127.0.0.1:0");
    }

    private void AssertRefused(string error, string urls)
    {
        var refused = Assert.Throws<SettingsException>(() => GatewayHost.Build([("OpenAI:ApiKey", Keys.Operator), .. Settings(urls)]));
        Assert.Contains(error, refused.Message, StringComparison.Ordinal);
    }

    private (string, string)[] Settings(string urls) => [("urls", urls), ("Https:Certificate", CertificatePath), ("Https:Key", KeyPath)];

    private Task<Rig> StartAsync() => Rig.StartAsync(_time, Settings("https://127.0.0.1:0"));

    private void Write(string name, int validDays = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(_time.GetUtcNow().AddDays(-60), _time.GetUtcNow().AddDays(validDays));
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    private static async Task<SslStream> HandshakeAsync(Rig rig, params SslApplicationProtocol[] protocols)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, rig.Gateway.Address.Port, TestContext.Current.CancellationToken);
        var tls = new SslStream(socket.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [.. protocols],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject is "CN=first" or "CN=second" or "CN=old",
        };
        await tls.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken).Guarded();
        return tls;
    }

    private static async Task AssertAnswersAsync(SslStream connection)
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes(Rig.Request("GET /health/live")), TestContext.Current.CancellationToken);
        var buffer = new byte[64 * 1024];
        var answer = "";
        // The answer is chunked; it may come in several TLS records.
        while (!answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
        {
            var length = await connection.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().Guarded();
            Assert.NotEqual(0, length);
            answer += Encoding.ASCII.GetString(buffer, 0, length);
        }

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
    }
}
