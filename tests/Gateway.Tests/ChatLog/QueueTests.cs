using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.ChatLog;
using OpenAIProxy.Gateway.ChatLog.Calls;
using OpenAIProxy.Gateway.Forwarding.Bodies;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>A disk that takes nothing costs lines, not memory and not time.</summary>
public sealed class QueueTests : IDisposable
{
    private const int Kilobyte = 1024;

    private readonly ServiceProvider _services;
    private readonly LogSink _logs = new();
    private readonly FakeTimeProvider _time = new();
    private readonly MeterListener _listener = new();
    private readonly ChatLogQueue _queue;
    private readonly BodyMemory _memory = new(128 * Kilobyte);
    private long _dropped;

    public QueueTests()
    {
        _services = new ServiceCollection().AddMetrics().AddLogging(logging => logging.AddProvider(_logs)).BuildServiceProvider();
        var meters = _services.GetRequiredService<IMeterFactory>();
        _queue = new ChatLogQueue(new ChatLogTelemetry(meters, _time, _services.GetRequiredService<ILogger<ChatLogTelemetry>>()));
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == ChatLogTelemetry.DroppedName && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _dropped += value);
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public void Calls_BeyondSoMany_AreLostAndCounted_AndSaidOnceAMinute()
    {
        for (var i = 0; i < 4096 + 10; i++)
        {
            _queue.Add(Entry(0));
        }

        Assert.Equal(10, _dropped);
        Assert.Contains("too many wait", Assert.Single(_logs.Entries).Text, StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromMinutes(1));
        _queue.Add(Entry(0));

        Assert.Contains("9 more", _logs.Entries.Last().Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_BehindTheEnd_IsLostBecauseTheGatewayStopped()
    {
        _queue.Complete();

        _queue.Add(Entry(0));

        Assert.Equal(1, _dropped);
        Assert.Contains("(the gateway stopped)", Assert.Single(_logs.Entries).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_BeyondSoMany_AreNotKept_UntilSomeAreGivenBack()
    {
        var bodies = Enumerable.Range(0, 10).Select(_ => Body(16 * Kilobyte)).ToList();

        Assert.Equal([.. Enumerable.Repeat(16 * Kilobyte, 8), 0, 0], bodies.Select(body => body.Length));
        Assert.All(bodies, body => Assert.Equal(16 * Kilobyte, body.Total));

        bodies[0].Release();
        Assert.Equal((16 * Kilobyte, 0), (Body(16 * Kilobyte).Length, Body(1).Length));
    }

    [Fact]
    public void Call_LargerThanAll_IsTakenIfItIsAlone()
    {
        var large = Body(129 * Kilobyte);
        Assert.Equal((129 * Kilobyte, 0), (large.Length, Body(1).Length));

        large.Release();
        Assert.Equal(1, Body(1).Length);
    }

    [Fact]
    public void BodyThatHadNoRoom_HasNoGap()
    {
        var all = Body(128 * Kilobyte);
        var body = Body(1);
        all.Release();

        body.Append(new byte[1]);

        Assert.Equal((0, 2), (body.Length, body.Total));
    }

    private CapturedBody Body(int size)
    {
        var body = new CapturedBody(BodyType.Of("application/json", null), int.MaxValue / 2, _memory);
        body.Append(new byte[size]);
        return body;
    }

    private LoggedEntry Entry(int size)
    {
        var body = Body(size);
        body.Close();
        return new LoggedEntry(new LoggedHead(0, "anonymous", null, "POST", "/v1/chat/completions", null), Guid.Empty, 200, 0, 0, CallEnd.Complete, body, null);
    }
}
