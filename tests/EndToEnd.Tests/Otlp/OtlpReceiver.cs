using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Otlp;

/// <summary>What an OpenTelemetry collector is to its senders: OTLP over http/protobuf and over grpc, each on an address of its own.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const string GrpcService = "/opentelemetry.proto.collector.";

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private ImmutableList<(string Signal, ByteString Message)> _received = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>The address for <c>OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf</c>.</summary>
    public string HttpAddress => _app.Urls.First();

    /// <summary>The address for <c>OTEL_EXPORTER_OTLP_PROTOCOL=grpc</c>.</summary>
    public string GrpcAddress => _app.Urls.Last();

    /// <summary>How often anybody has connected.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public IReadOnlyList<Span> Spans => [.. Of("trace").SelectMany(Span.Read)];

    public IReadOnlyList<Metric> Metrics => [.. Of("metrics").SelectMany(Metric.Read)];

    public IReadOnlyList<LogLine> Logs => [.. Of("logs").SelectMany(LogLine.Read)];

    /// <summary>All bytes of all messages as text: what isn't in here has not been told.</summary>
    public string Everything => string.Concat(_received.Select(r => Encoding.Latin1.GetString(r.Message.Span)));

    public static async Task<OtlpReceiver> StartAsync()
    {
        OtlpReceiver? receiver = null;
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var protocol in (HttpProtocols[])[HttpProtocols.Http1, HttpProtocols.Http2])
            {
                kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
                {
                    listen.Protocols = protocol;
                    listen.Use(next => connection =>
                    {
                        Interlocked.Increment(ref receiver!._connections);
                        return next(connection);
                    });
                });
            }
        });
        var app = builder.Build();
        receiver = new OtlpReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until <paramref name="condition"/> holds for what has come.</summary>
    public async Task WaitAsync(Func<OtlpReceiver, bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(HangGuard.Limit);
        while (true)
        {
            Task more;
            lock (_gate)
            {
                more = _more.Task;
            }

            if (condition(this))
            {
                return;
            }

            try
            {
                await more.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Did not come: {what}. Came: {string.Join("; ", Spans)}; {Metrics.Count} metrics, {Logs.Count} logs");
            }
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IEnumerable<ByteString> Of(string signal) => _received.Where(r => r.Signal == signal).Select(r => r.Message);

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        var path = context.Request.Path.Value!;
        if (path.StartsWith(GrpcService, StringComparison.Ordinal))
        {
            // A grpc message comes after one byte that says whether it is compressed, and four with its length.
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1));
            Add(path[GrpcService.Length..].Split('.')[0], ByteString.CopyFrom(bytes, 5, length));
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
            return;
        }

        Add(path switch { "/v1/traces" => "trace", "/v1/metrics" => "metrics", "/v1/logs" => "logs", _ => path }, ByteString.CopyFrom(bytes));
        // An empty response message says that all of it was taken.
        context.Response.ContentType = "application/x-protobuf";
    }

    private void Add(string signal, ByteString message)
    {
        TaskCompletionSource more;
        lock (_gate)
        {
            _received = _received.Add((signal, message));
            (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.SetResult();
    }
}
