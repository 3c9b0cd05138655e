using System.Diagnostics.Metrics;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Adds up the spans of one call in which it is the gateway that works. A default one does nothing.</summary>
/// <remarks>A value, so that a call allocates nothing for it; whoever is given a copy goes on with that one.</remarks>
internal struct OverheadTimer
{
    private readonly Histogram<double>? _overhead;
    private readonly TimeProvider? _time;
    private TimeSpan _sum;
    private long _since;

    public OverheadTimer(Histogram<double> overhead, TimeProvider time)
    {
        _overhead = overhead;
        _time = time;
        _since = time.GetTimestamp();
    }

    /// <summary>From here on the client or the upstream is waited for.</summary>
    public void Pause()
    {
        if (_time is not null)
        {
            _sum += _time.GetElapsedTime(_since);
        }
    }

    /// <summary>From here on the gateway works.</summary>
    public void Resume()
    {
        if (_time is not null)
        {
            _since = _time.GetTimestamp();
        }
    }

    /// <summary>The last span ends, and the sum is recorded.</summary>
    public void Record()
    {
        Pause();
        _overhead?.Record(_sum.TotalSeconds);
    }
}
