using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OpenAIProxy.Gateway.Metering;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>A metering gateway in front of an upstream that the test plays itself; its journal is in memory.</summary>
internal sealed class MeteredRig : IAsyncDisposable
{
    public const string Chat = "POST /v1/chat/completions";

    /// <summary>What turns metering on. Nobody listens at that address.</summary>
    public static (string, string)[] Settings => [("services:billing:http:0", "http://127.0.0.1:9"), ("Internal:Token", "0123456789abcdef")];

    public RawUpstream Upstream { get; } = new();

    public TestJournal Journal { get; } = new();

    public GatewayHost Gateway { get; private set; } = null!;

    public static Task<MeteredRig> StartAsync(params (string, string)[] settings) => StartAsync(TimeProvider.System, settings);

    /// <summary>Starts one whose timers go by <paramref name="time"/>.</summary>
    public static async Task<MeteredRig> StartAsync(TimeProvider time, params (string, string)[] settings)
    {
        var rig = new MeteredRig();
        rig.Gateway = await StartGatewayAsync(rig.Upstream.Address, rig.Journal, time, settings);
        return rig;
    }

    public static Task<GatewayHost> StartGatewayAsync(Uri upstream, TestJournal journal, params (string, string)[] settings)
        => StartGatewayAsync(upstream, journal, TimeProvider.System, settings);

    public static Task<GatewayHost> StartGatewayAsync(
        Uri upstream, TestJournal journal, TimeProvider time, params (string, string)[] settings) => GatewayHost.StartAsync(
        upstream,
        builder =>
        {
            Replace(builder.Services, journal);
            builder.Services.AddSingleton(time);
        },
        [("OpenAI:ApiKey", Keys.Operator), .. Settings, .. settings]);

    /// <summary>A request with a body, as bytes on the wire.</summary>
    public static string Post(string target, string body, params string[] headers)
        => Rig.Request(target, [$"Content-Length: {Encoding.UTF8.GetByteCount(body)}", .. headers]) + Latin1Of(body);

    /// <summary>An answer with a length.</summary>
    public static string Answer(string body, string contentType = "application/json", string status = "200 OK")
        => $"HTTP/1.1 {status}\r\nContent-Type: {contentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{Latin1Of(body)}";

    /// <summary>An answer in chunks.</summary>
    public static string Chunked(string body, string headers = "Content-Type: text/event-stream\r\n")
        => $"HTTP/1.1 200 OK\r\n{headers}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{Encoding.UTF8.GetByteCount(body):x}\r\n{Latin1Of(body)}\r\n0\r\n\r\n";

    /// <summary>Sends a request, answers it, and shows both as they arrived on the other side.</summary>
    public async Task<(RawMessage Request, RawMessage Answer)> ExchangeAsync(string request, string answer)
    {
        await using var client = await Gateway.ConnectAsync();
        await client.SendAsync(request);
        var received = client.ReadMessageAsync(noBody: request.StartsWith("HEAD ", StringComparison.Ordinal));
        var sent = await Upstream.AnswerAsync(answer);
        return (sent, await received);
    }

    public async Task<UsageRecord> RecordAsync() => (await Journal.WaitAsync(1))[0];

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    // The real journal's keeper and shipper would work on a folder that all tests share.
    public static void Replace(IServiceCollection services, TestJournal journal)
    {
        services.Replace(ServiceDescriptor.Singleton<IUsageJournal>(journal));
        var keeper = services.Single(s => s.ServiceType == typeof(IHostedService)
            && s.ImplementationFactory?.Method.DeclaringType?.DeclaringType == typeof(JournalExtensions));
        services.Remove(keeper);
    }

    private static string Latin1Of(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
