namespace OpenAIProxy.BillingService.Tests;

/// <summary>A clock that stands still until it is moved. It starts at noon of <see cref="Today"/>, UTC.</summary>
public sealed class ManualClock : TimeProvider
{
    private long _ticks = new DateTime(Today, new TimeOnly(12, 0), DateTimeKind.Utc).Ticks;

    public static DateOnly Today { get; } = new(2026, 3, 15);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
