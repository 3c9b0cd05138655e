using System.Security.Cryptography.X509Certificates;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>The text of a certificate's file and of its key's.</summary>
internal sealed record PemFiles(string Certificate, string Key)
{
    public static PemFiles Read(HttpsSettings settings)
    {
        var certificate = File.ReadAllText(settings.CertificatePath!);
        return new PemFiles(certificate, settings.KeyPath is { } key ? File.ReadAllText(key) : certificate);
    }

    /// <summary>The first certificate with its key.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">One is missing or damaged, or the key is another's.</exception>
    public X509Certificate2 ToCertificate()
    {
        var certificate = X509Certificate2.CreateFromPem(Certificate, Key);
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows' TLS takes no key that is in memory only: https://github.com/dotnet/runtime/issues/23749
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }

    /// <summary>All certificates of the file, in its order.</summary>
    public X509Certificate2Collection ToChain()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(Certificate);
        return chain;
    }

    // Never the key.
    public override string ToString() => nameof(PemFiles);
}
