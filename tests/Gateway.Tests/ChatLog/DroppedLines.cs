using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Gateway.ChatLog;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>Counts the lines that a gateway's chat log lost.</summary>
internal sealed class DroppedLines : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public DroppedLines(GatewayHost gateway)
    {
        var meters = gateway.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == ChatLogTelemetry.DroppedName && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
