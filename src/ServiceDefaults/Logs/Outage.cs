namespace OpenAIProxy.ServiceDefaults.Logs;

/// <summary>Whether something that others need is out of order, so that the log says it once when that begins and once when it is over.</summary>
public sealed class Outage
{
    private int _isOn;

    /// <summary>True from the first failure until the next success.</summary>
    public bool IsOn => Volatile.Read(ref _isOn) == 1;

    /// <summary>Notes a failure. True if it is the first one, which is to be logged.</summary>
    public bool Begin() => !IsOn && Interlocked.Exchange(ref _isOn, 1) == 0;

    /// <summary>Notes a success. True if it is the first one after a failure, which is to be logged.</summary>
    public bool End() => IsOn && Interlocked.Exchange(ref _isOn, 0) == 1;
}
