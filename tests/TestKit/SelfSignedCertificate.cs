using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenAIProxy.TestKit;

/// <summary>A certificate for 127.0.0.1 that nobody trusts, made for one test.</summary>
public static class SelfSignedCertificate
{
    /// <summary>Whom it names.</summary>
    public const string Subject = "CN=127.0.0.1";

    /// <summary>Makes one with its private key.</summary>
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    /// <summary>Writes one as a PFX file without a password into <paramref name="folder"/> and returns its path.</summary>
    public static string CreateFile(string folder)
    {
        using var certificate = Create();
        var path = Path.Combine(folder, "test.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx));
        return path;
    }
}
