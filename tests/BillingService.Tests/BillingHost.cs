using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>The billing service as it is shipped, on a real socket, with a clock that the test moves.</summary>
public sealed class BillingHost : IAsyncDisposable
{
    /// <summary>What gateways show it, unless a setting says otherwise.</summary>
    public const string InternalToken = GatewayHost.InternalToken;

    private readonly WebApplication _app;

    private readonly DirectoryInfo _folder;

    private readonly WaitingRequests _waiting;

    private BillingHost(WebApplication app, DirectoryInfo folder, LogSink logs, ManualClock clock, WaitingRequests waiting)
    {
        _waiting = waiting;
        _app = app;
        _folder = folder;
        Logs = logs;
        Clock = clock;
        Address = new Uri(app.Urls.First());
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = Address,
            Timeout = HangGuard.Limit,
        };
    }

    public Uri Address { get; }

    public LogSink Logs { get; }

    public ManualClock Clock { get; }

    public HttpClient Client { get; }

    /// <summary>What the service is made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>How many requests have gone as far as they can and wait for somebody else.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Starts one in front of <paramref name="upstream"/>; settings as on the command line.</summary>
    public static async Task<BillingHost> StartAsync(Uri upstream, params (string Name, string Value)[] settings)
    {
        var logs = new LogSink();
        var clock = new ManualClock();
        var waiting = new WaitingRequests();
        var folder = Directory.CreateTempSubdirectory("openaiproxy-billing-");
        WebApplication app;
        try
        {
            app = ProcessEnvironment.Build(() => Program.Build(
                [
                    "--urls=http://127.0.0.1:0", $"--OpenAI:BaseUrl={upstream.GetLeftPart(UriPartial.Authority)}",
                    $"--OpenAI:ApiKey={Keys.Operator}",
                    "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace",
                    "--Logging:LogLevel:System=Trace", "--Logging:Console:LogLevel:Default=None",
                    $"--Ledger:File={Path.Combine(folder.FullName, "ledger.db")}",
                    $"--Internal:Token={InternalToken}",
                    .. settings.Select(s => $"--{s.Name}={s.Value}"),
                ],
                builder =>
                {
                    builder.Logging.AddProvider(logs);
                    builder.Services.AddSingleton<TimeProvider>(clock);
                    builder.Services.AddSingleton<IStartupFilter>(waiting);
                }));
            app.Services.GetServices<IHostedService>().OfType<LedgerStart>().Single().FirstPatience = HangGuard.Limit;
            await app.StartAsync().Guarded();
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }

        var host = new BillingHost(app, folder, logs, clock, waiting);
        // Routing builds its tables with the first request and lets the others wait; they would count as waiting for upstream.
        await host.GetAsync("/health/live", key: null);
        return host;
    }

    /// <summary>Builds one with nothing but these arguments, without starting it: throws what a wrong configuration throws.</summary>
    public static WebApplication BuildBare(params string[] args) => ProcessEnvironment.Build(() => Program.Build(args));

    /// <summary>
    /// Waits until it says that it is <paramref name="health"/>, whatever the reason, and returns that answer. One look says little: the service
    /// takes what does not answer it in time for being away.
    /// </summary>
    public Task<Answer> UntilHealthAsync(string health)
        => HangGuard.Until(() => GetAsync("/health/ready", key: null), answer => answer.Text.Split(':')[0] == health, $"its health is {health}");

    /// <summary>Asks with <paramref name="key"/>, or without one.</summary>
    public async Task<Answer> GetAsync(string target, string? key = Keys.Secret, params (string Name, string Value)[] headers)
        => await SendAsync(HttpMethod.Get, target, key, default, headers);

    /// <summary>The same with any method, and for a caller who may leave.</summary>
    public async Task<Answer> SendAsync(
        HttpMethod method, string target, string? key, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, target);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request, cancellationToken).Guarded();
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, all, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>Reports usage, as a gateway does.</summary>
    public Task ReportAsync(params UsageRow[] rows) => ReportAsync(new UsageBatch(Guid.CreateVersion7(), rows));

    /// <summary>Reports usage of keys of which the gateway knows something.</summary>
    public Task ReportAsync(IReadOnlyList<KeyLabel> labels, params UsageRow[] rows)
        => ReportAsync(new UsageBatch(Guid.CreateVersion7(), rows) { Keys = labels });

    /// <summary>Reports usage and the calls that made it.</summary>
    public Task ReportAsync(IReadOnlyList<UsageRow> rows, IReadOnlyList<RecentCall> calls)
        => ReportAsync(new UsageBatch(Guid.CreateVersion7(), rows) { Calls = calls });

    /// <summary>Tells of a budget as a gateway does.</summary>
    public Task TellAsync(BudgetAlert alert, HttpStatusCode status = HttpStatusCode.NoContent)
        => PostAsync(BudgetAlert.Path, JsonSerializer.SerializeToUtf8Bytes(alert, ContractsJson.Default.BudgetAlert), status: status);

    /// <summary>Tells of the keys in its settings as a gateway does.</summary>
    public Task TellAsync(KeyRoster roster)
        => PostAsync(KeyRoster.Path, JsonSerializer.SerializeToUtf8Bytes(roster, ContractsJson.Default.KeyRoster), HttpMethod.Put);

    private Task ReportAsync(UsageBatch batch) => PostAsync(UsageBatch.Path, JsonSerializer.SerializeToUtf8Bytes(batch, ContractsJson.Default.UsageBatch));

    private async Task PostAsync(string path, byte[] json, HttpMethod? method = null, HttpStatusCode status = HttpStatusCode.NoContent)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(InternalHeaders.Token, InternalToken);
        using var response = await Client.SendAsync(request).Guarded();
        Assert.Equal(status, response.StatusCode);
    }

    /// <summary>Asks as a gateway does for a caller whom it knows; with a key of the gateway's operator beside it, or without.</summary>
    public Task<Answer> GetForAsync(string target, string keyId, string? key = null, params (string Name, string Value)[] headers)
        => GetAsync(target, key, [(InternalHeaders.Token, InternalToken), (InternalHeaders.KeyId, keyId), .. headers]);

    /// <summary>Sends a request head as bytes, lines without their ends, and returns the whole answer as text.</summary>
    public async Task<string> GetRawAsync(string target, params string[] headers)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(Address.Host, Address.Port);
        await using var stream = socket.GetStream();
        var lines = (string[])[$"GET {target} HTTP/1.1", "Host: billing", .. headers, "Connection: close", "", ""];
        await stream.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", lines)));
        return await new StreamReader(stream).ReadToEndAsync().Guarded();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
