using System.Net.Security;
using System.Security.Cryptography;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>
/// The certificate for new connections. Its files are compared with what was read last, at most every <see cref="Interval"/>: file times
/// don't tell when a symbolic link on the way changes, which is how certbot and Kubernetes renew.
/// </summary>
internal sealed partial class TlsCertificate
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly HttpsSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<TlsCertificate> _logger;
    private PemFiles _files;
    private SslStreamCertificateContext _current;
    private long _checked;
    private bool _isBroken;

    public TlsCertificate(HttpsSettings settings, TimeProvider time, ILogger<TlsCertificate> logger)
    {
        _settings = settings;
        _time = time;
        _logger = logger;
        _files = PemFiles.Read(settings);
        _current = Load(_files);
        _checked = time.GetTimestamp();
    }

    /// <summary>The certificate with its issuers.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_checked) >= Interval)
                {
                    _checked = _time.GetTimestamp();
                    Refresh();
                }

                return _current;
            }
        }
    }

    private void Refresh()
    {
        try
        {
            var files = PemFiles.Read(_settings);
            if (files != _files)
            {
                // The old one isn't disposed: handshakes may be using it.
                _current = Load(files);
                _files = files;
                LogRenewed(_logger, _current.TargetCertificate.NotAfter.ToUniversalTime());
            }

            _isBroken = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            if (!_isBroken)
            {
                LogBroken(_logger, e.Message);
            }

            _isBroken = true;
        }
    }

    private SslStreamCertificateContext Load(PemFiles files)
    {
        var context = SslStreamCertificateContext.Create(files.ToCertificate(), files.ToChain(), offline: true);
        var end = context.TargetCertificate.NotAfter.ToUniversalTime();
        if (end < _time.GetUtcNow())
        {
            LogExpired(_logger, end);
        }

        return context;
    }

    [LoggerMessage(2222, LogLevel.Information, "The certificate of Https:Certificate was renewed; it is valid until {End:u}.")]
    private static partial void LogRenewed(ILogger logger, DateTime end);

    [LoggerMessage(2223, LogLevel.Warning,
        "The files of Https:Certificate and Https:Key have changed and can't be used ({Reason}). New connections get the old certificate. Logged once.")]
    private static partial void LogBroken(ILogger logger, string reason);

    [LoggerMessage(2224, LogLevel.Warning, "The certificate of Https:Certificate expired at {End:u}. Clients will refuse it.")]
    private static partial void LogExpired(ILogger logger, DateTime end);
}
