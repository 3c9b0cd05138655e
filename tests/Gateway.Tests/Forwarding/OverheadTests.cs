using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Gateway.Paths;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>The gateway's own time, as a histogram. The clock moves only when these tests move it.</summary>
public sealed class OverheadTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly RawUpstream _upstream = new();
    private readonly ConcurrentQueue<double> _measured = new();
    private readonly MeterListener _meters = new();
    private readonly SlowGateway _slow;
    private GatewayHost _gateway = null!;

    public OverheadTests() => _slow = new SlowGateway(_time);

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayHost.StartAsync(
            _upstream.Address,
            builder =>
            {
                builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
                builder.Services.Replace(ServiceDescriptor.Singleton<CallObservers>(_slow));
            },
            ("OpenAI:ApiKey", Keys.Operator));
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Call_WhoseUpstreamTakesTime_CountsTheGatewaysOwnOnly()
    {
        Listen();
        _slow.BeforeTheRequest = TimeSpan.FromMilliseconds(3);
        _slow.BehindTheHead = TimeSpan.FromMilliseconds(2);
        await using var client = await _gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /v1/models"));
        await using var connection = await _upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
        await client.ReadHeadAsync();
        _time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal(0.005, Assert.Single(_measured), 6);
    }

    [Fact]
    public async Task Call_WhoseBodyComesSlowly_CountsNoWaitForTheClient()
    {
        Listen();
        _slow.BeforeTheRequest = TimeSpan.FromMilliseconds(3);
        _slow.OfTheClient = TimeSpan.FromSeconds(4);
        await using var client = await _gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Type: application/json", "Content-Length: 2") + "{}");
        await RawUpstream.AnswerAsync(await _upstream.AcceptAsync(), Rig.Ok);
        await client.ReadMessageAsync();

        Assert.True(_slow.Reads > 0);
        Assert.Equal(0.003, Assert.Single(_measured), 6);
    }

    [Fact]
    public async Task Call_ThatTheUpstreamDoesNotAnswer_CountsNothing()
    {
        Listen();
        await using var client = await _gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");
        await using (var connection = await _upstream.AcceptAsync())
        {
            await connection.ReadMessageAsync();
        }

        Assert.Equal(502, (await client.ReadMessageAsync()).Head.Status);
        Assert.Empty(_measured);
    }

    // The instruments of other tests' hosts are heard, too: this one's are those of its own factory.
    private void Listen()
    {
        var own = _gateway.Services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "openaiproxy.gateway.overhead" && ReferenceEquals(instrument.Meter.Scope, own))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<double>((_, value, _, _) => _measured.Enqueue(value));
        _meters.Start();
    }

    /// <summary>Takes its time where it is told of a call.</summary>
    private sealed class SlowGateway(FakeTimeProvider time) : CallObservers
    {
        public TimeSpan BeforeTheRequest { get; set; }

        public TimeSpan BehindTheHead { get; set; }

        public TimeSpan OfTheClient { get; set; }

        public int Reads { get; private set; }

        public override CallObserver Start(HttpContext context, Caller caller, RequestPath path, bool isUpgrade)
        {
            if (OfTheClient > TimeSpan.Zero)
            {
                context.Request.Body = new SlowBody(this, context.Request.Body);
            }

            return new SlowCall(this);
        }

        private void Take(TimeSpan span) => time.Advance(span);

        private sealed class SlowCall(SlowGateway slow) : CallObserver
        {
            public override void SendingHead(IHeaderDictionary headers, HttpRequestMessage message) => slow.Take(slow.BeforeTheRequest);

            public override void Answered(HttpResponseMessage answer, HttpResponse response) => slow.Take(slow.BehindTheHead);
        }

        private sealed class SlowBody(SlowGateway slow, Stream client) : AsyncStream
        {
            public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                slow.Reads++;
                slow.Take(slow.OfTheClient);
                return client.ReadAsync(buffer, cancellationToken);
            }
        }
    }
}
