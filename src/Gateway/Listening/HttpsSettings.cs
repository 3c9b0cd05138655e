using System.Security.Cryptography;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>The certificate that listeners on https:// show.</summary>
/// <param name="CertificatePath">A PEM file: the certificate, then those of its issuers; null without TLS.</param>
/// <param name="KeyPath">A PEM file with the certificate's private key; null if it is in <paramref name="CertificatePath"/>.</param>
public sealed record HttpsSettings(string? CertificatePath, string? KeyPath)
{
    internal static readonly PathSetting CertificateSetting = new("Https:Certificate", null, "a PEM file",
        "The certificate for https, with those of its issuers after it. Read again when it is renewed.")
    { Aliases = ["ssl_certfile"] };
    internal static readonly PathSetting KeySetting = new("Https:Key", null, "a PEM file with an unencrypted key",
        "The certificate's private key.")
    { Aliases = ["ssl_keyfile"], Default = "in the certificate's file" };

    /// <summary>True if there is a certificate.</summary>
    public bool IsOn => CertificatePath is not null;

    internal static IReadOnlyList<Setting> All { get; } = [CertificateSetting, KeySetting];

    internal static bool IsSet(IConfiguration configuration)
        => CertificateSetting.Aliases.Prepend(CertificateSetting.Name).Any(name => !string.IsNullOrWhiteSpace(configuration[name]));

    internal static HttpsSettings Read(SettingsReader reader, bool listensOnHttps)
    {
        var settings = new HttpsSettings(reader.Get(CertificateSetting), reader.Get(KeySetting));
        if (!settings.IsOn)
        {
            if (settings.KeyPath is not null)
            {
                reader.AddError($"{KeySetting.Name} is set, but {CertificateSetting.Name} is not.");
            }

            return settings;
        }

        if (!listensOnHttps)
        {
            reader.AddError($"{CertificateSetting.Name} is set, but no address of --urls, ASPNETCORE_URLS or Kestrel:Endpoints begins with https://.");
        }

        var isReadable = CanRead(reader, CertificateSetting, settings.CertificatePath!);
        if (settings.KeyPath is { } key)
        {
            isReadable &= CanRead(reader, KeySetting, key);
        }

        if (isReadable)
        {
            CheckPair(reader, settings);
        }

        return settings;
    }

    private static bool CanRead(SettingsReader reader, PathSetting setting, string path)
    {
        try
        {
            File.ReadAllBytes(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader.AddError($"{setting.Name} is '{path}', which can't be read: {e.Message}");
            return false;
        }
    }

    private static void CheckPair(SettingsReader reader, HttpsSettings settings)
    {
        try
        {
            PemFiles.Read(settings).ToCertificate().Dispose();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            reader.AddError($"{CertificateSetting.Name} and {KeySetting.Name} are not a certificate and its key: {e.Message}");
        }
    }
}
