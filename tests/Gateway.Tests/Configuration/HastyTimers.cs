namespace OpenAIProxy.Gateway.Tests.Configuration;

/// <summary>The true time, with timers that fire twenty times as soon: for what is looked at every now and then.</summary>
internal sealed class HastyTimers : TimeProvider
{
    private const int Haste = 20;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => base.CreateTimer(callback, state, Sooner(dueTime), Sooner(period));

    private static TimeSpan Sooner(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Haste;
}
