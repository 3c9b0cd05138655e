using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.TestKit;

/// <summary>The gateway as it is shipped, inside the test process, on a real socket of its own.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    /// <summary>What it shows the billing service, unless a setting says otherwise.</summary>
    public const string InternalToken = "internal-T3BlbkFJ-known-to-both";

    private const string Journals = "openaiproxy-test-journal-";

    private readonly WebApplication _app;

    // Some tests dispose twice; then there is no configuration left to ask.
    private readonly string _journal;

    private GatewayHost(WebApplication app, LogSink logs)
    {
        _app = app;
        _journal = app.Configuration["Metering:JournalDirectory"]!;
        Logs = logs;
        Address = Reachable(new Uri(app.Urls.First()));
        Client = CreateClient();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>All it has logged, at every level.</summary>
    public LogSink Logs { get; }

    /// <summary>A client that adds, follows, keeps and decodes nothing by itself.</summary>
    public HttpClient Client { get; }

    /// <summary>The gateway's service container.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>
    /// Starts a gateway in front of <paramref name="upstream"/>. A setting given here wins over what this class sets.
    /// A name all in capitals is given as an environment variable, any other on the command line.
    /// </summary>
    public static Task<GatewayHost> StartAsync(Uri upstream, params (string Name, string Value)[] settings) => StartAsync(upstream, null, settings);

    /// <summary>Starts a gateway some of whose services are replaced before it is built.</summary>
    public static async Task<GatewayHost> StartAsync(
        Uri upstream, Action<WebApplicationBuilder>? adjust, params (string Name, string Value)[] settings)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        var app = Build(adjust, [("OpenAI:BaseUrl", upstream.GetLeftPart(UriPartial.Path)), .. settings]);
        var logs = new LogSink();
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
        try
        {
            await app.StartAsync().Guarded();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new GatewayHost(app, logs);
    }

    /// <summary>Builds the gateway without starting it: throws what a wrong configuration throws.</summary>
    public static WebApplication Build(params (string Name, string Value)[] settings) => Build(null, settings);

    /// <summary>The same with nothing but these arguments.</summary>
    public static WebApplication BuildBare(params string[] args) => ProcessEnvironment.Build(() => Gateway.Program.Build(args));

    private static WebApplication Build(Action<WebApplicationBuilder>? adjust, (string Name, string Value)[] settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var all = new Dictionary<string, string>
        {
            ["Logging:LogLevel:Default"] = "Trace",
            // A rule for one provider wins over rules for all.
            [$"Logging:{typeof(LogSink).FullName}:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft"] = "Trace",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace",
            ["Logging:LogLevel:System"] = "Trace",
            ["Logging:LogLevel:Yarp"] = "Trace",
            ["Logging:Console:LogLevel:Default"] = "None",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        if (!all.Keys.Contains("port", StringComparer.OrdinalIgnoreCase))
        {
            all.TryAdd("urls", "http://127.0.0.1:0");
        }

        all.TryAdd("Internal:Token", InternalToken);
        // The billing services that tests play know nothing of access keys.
        all.TryAdd("Access:ManagedKeys", "false");
        all.TryAdd("Metering:JournalDirectory", Path.Combine(Path.GetTempPath(), Journals + Guid.NewGuid().ToString("N")));
        var variables = all.Where(s => IsVariable(s.Key)).ToArray();
        return ProcessEnvironment.Build(
            variables, () => Gateway.Program.Build([.. all.Except(variables).Select(s => $"--{s.Key}={s.Value}")], adjust));
    }

    /// <summary>
    /// A client whose handler does nothing on its own: no redirects, cookies, decompression, proxies or trace headers; header values are
    /// Latin-1; the certificate of <see cref="SelfSignedCertificate"/> will do.
    /// </summary>
    public HttpClient CreateClient(Version? version = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == SelfSignedCertificate.Subject },
        };
        return new HttpClient(handler)
        {
            BaseAddress = Address,
            Timeout = HangGuard.Limit,
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>A bare connection to the gateway.</summary>
    public Task<RawConnection> ConnectAsync() => RawConnection.ConnectAsync(Address);

    /// <summary>The same place for a WebSocket: <c>ws://</c> or <c>wss://</c>.</summary>
    public Uri WebSocketAddress(string pathAndQuery)
        => new UriBuilder(new Uri(Address, pathAndQuery)) { Scheme = Address.Scheme == "https" ? "wss" : "ws" }.Uri;

    /// <summary>Tells it to stop, with all the time it takes for itself.</summary>
    public Task StopAsync() => _app.StopAsync();

    // Listening on every interface is no address to call.
    private static Uri Reachable(Uri address)
        => address.DnsSafeHost is "::" or "0.0.0.0" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;

    // OPENAI_API_KEY, but not port.
    private static bool IsVariable(string name) => name.All(c => char.IsAsciiLetterUpper(c) || c == '_' || char.IsAsciiDigit(c));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.EndAsync();
        if (_journal.Contains(Journals, StringComparison.Ordinal) && Directory.Exists(_journal))
        {
            Directory.Delete(_journal, recursive: true);
        }
    }
}
