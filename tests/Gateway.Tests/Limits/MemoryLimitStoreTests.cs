using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Gateway.Limits.Stores.Memory;

namespace OpenAIProxy.Gateway.Tests.Limits;

/// <summary>What is counted in memory. Tests move its clock.</summary>
public sealed class MemoryLimitStoreTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-11-30T12:00:00Z", null));
    private readonly MemoryLimitStore _store;

    public MemoryLimitStoreTests() => _store = new MemoryLimitStore(_time);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Take_UpToTheLimit_ThenRefusesAndTellsWhen()
    {
        var counter = Sliding(3);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(3 - i, Take(counter).Levels[0].Remaining(counter));
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        var refused = Take(counter);

        Assert.False(refused.IsTaken);
        Assert.Equal(0, refused.RefusedBy);
        Assert.InRange(refused.WaitMilliseconds, 50_000, 53_000);
        _time.Advance(TimeSpan.FromMilliseconds(refused.WaitMilliseconds - 1));
        Assert.False(Take(counter).IsTaken);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(Take(counter).IsTaken);
    }

    [Fact]
    public void Take_BeyondSeveral_IsRefusedByTheOneThatFitsLast()
    {
        var minute = new Counter("minute", CounterKind.Sliding, 1, Minute);
        var hour = new Counter("hour", CounterKind.Sliding, 1, TimeSpan.FromHours(1));
        var never = new Counter("never", CounterKind.Sliding, 1, TimeSpan.FromSeconds(1));
        Assert.True(_store.Take([new(minute, 1), new(hour, 1)], Share.Whole).IsTaken);

        var refused = _store.Take([new(minute, 1), new(hour, 1)], Share.Whole);
        var forEver = _store.Take([new(minute, 1), new(never, 2), new(hour, 1)], Share.Whole);

        Assert.Equal((1, 3_780_000L), (refused.RefusedBy, refused.WaitMilliseconds));
        Assert.Equal((1, -1L), (forEver.RefusedBy, forEver.WaitMilliseconds));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Take_AtAnyTimes_NeverMoreThanTheLimitInAWindow(int seed)
    {
        var random = new Random(seed);
        var counter = Sliding(20);
        var taken = new List<DateTimeOffset>();
        for (var i = 0; i < 3_000; i++)
        {
            if (Take(counter).IsTaken)
            {
                taken.Add(_time.GetUtcNow());
            }

            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, random.Next(10) == 0 ? 20_000 : 1_000)));
        }

        Assert.True(taken.Count > 200);
        for (var i = 20; i < taken.Count; i++)
        {
            Assert.True(taken[i] - taken[i - 20] >= Minute, $"21 calls in {taken[i] - taken[i - 20]}");
        }
    }

    [Fact]
    public void Take_SeveralOfWhichOneIsFull_CountsNone()
    {
        var key = Sliding(10, "key");
        var total = Sliding(1, "total");
        Assert.True(Take(key, total).IsTaken);

        var refused = Take(key, total);

        Assert.Equal(1, refused.RefusedBy);
        Assert.Equal(9, refused.Levels[0].Remaining(key));
        Assert.Equal(9, Take(key).Levels[0].Remaining(key) + 1);
    }

    [Fact]
    public void Take_MoreThanTheLimit_NeverFits()
    {
        var refused = _store.Take([new Charge(Sliding(100), 101)], Share.Whole);

        Assert.False(refused.IsTaken);
        Assert.Equal(-1, refused.WaitMilliseconds);
    }

    [Fact]
    public void Settle_Less_GivesBackWhatWasNotUsed()
    {
        var counter = Sliding(100);
        var taken = _store.Take([new Charge(counter, 90)], Share.Whole);
        _time.Advance(TimeSpan.FromSeconds(20));

        _store.Settle(taken, [30]);
        _store.Settle(taken, [0]);

        Assert.True(_store.Take([new Charge(counter, 70)], Share.Whole).IsTaken);
        Assert.False(Take(counter).IsTaken);
    }

    [Fact]
    public void Settle_More_IsADebtFromNowOn()
    {
        var counter = Sliding(100);
        var taken = _store.Take([new Charge(counter, 10)], Share.Whole);
        _time.Advance(TimeSpan.FromSeconds(55));

        _store.Settle(taken, [150]);

        var refused = Take(counter);
        Assert.False(refused.IsTaken);
        Assert.Equal(150, refused.Levels[0].Used);
        Assert.InRange(refused.WaitMilliseconds, 60_000, 63_000);
    }

    [Fact]
    public void Settle_ASlotThatIsForgotten_GivesNothingBack()
    {
        var counter = Sliding(100);
        var old = _store.Take([new Charge(counter, 50)], Share.Whole);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(_store.Take([new Charge(counter, 100)], Share.Whole).IsTaken);

        _store.Settle(old, [0]);

        Assert.False(Take(counter).IsTaken);
    }

    [Fact]
    public void Concurrency_IsFreeAgainWhenSettled()
    {
        var counter = new Counter("c", CounterKind.Concurrency, 2, TimeSpan.Zero);
        var first = Take(counter);
        Assert.True(Take(counter).IsTaken);
        Assert.Equal(Decision.ConcurrencyWait, Take(counter).WaitMilliseconds);

        _store.Settle(first, [1]);
        _store.Settle(first, [1]);

        Assert.True(Take(counter).IsTaken);
        Assert.False(Take(counter).IsTaken);
    }

    [Fact]
    public void Period_ReservedAndSpent_AreBothCounted()
    {
        var counter = new Counter("p", CounterKind.Period, 100, TimeSpan.Zero) { EndsAt = _time.GetUtcNow().AddHours(12).ToUnixTimeMilliseconds() };
        var first = _store.Take([new Charge(counter, 60)], Share.Whole);
        Assert.Equal(Decision.ConcurrencyWait, _store.Take([new Charge(counter, 60)], Share.Whole).WaitMilliseconds);

        _store.Settle(first, [90]);

        var refused = _store.Take([new Charge(counter, 11)], Share.Whole);
        Assert.False(refused.IsTaken);
        Assert.Equal(TimeSpan.FromHours(12).TotalMilliseconds, refused.WaitMilliseconds);
        Assert.True(_store.Take([new Charge(counter, 10)], Share.Whole).IsTaken);
    }

    [Fact]
    public void Period_BelowItsFloor_GoesOnFromThere()
    {
        var counter = new Counter("p", CounterKind.Period, 100, TimeSpan.Zero) { Floor = 95 };

        Assert.False(_store.Take([new Charge(counter, 6)], Share.Whole).IsTaken);
        Assert.True(_store.Take([new Charge(counter, 5)], Share.Whole).IsTaken);
    }

    [Fact]
    public void Shadow_TellsWhatItWouldRefuse_AndRefusesNothing()
    {
        var shadow = Sliding(1, "shadow", isShadow: true);
        var real = Sliding(3, "real");

        Assert.Equal(0UL, Take(real, shadow).ShadowRefusals);
        var second = Take(real, shadow);

        Assert.True(second.IsTaken);
        Assert.Equal(2UL, second.ShadowRefusals);
    }

    [Fact]
    public async Task Take_ByManyAtOnce_ExactlyTheLimit()
    {
        var counters = new[] { Sliding(500, "a"), Sliding(400, "b") };
        var taken = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(
            () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    Charge[] charges = worker % 2 == 0 ? [new(counters[0], 1), new(counters[1], 1)] : [new(counters[1], 1), new(counters[0], 1)];
                    Interlocked.Add(ref taken, _store.Take(charges, Share.Whole).IsTaken ? 1 : 0);
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(400, taken);
        Assert.Equal(100, _store.Take([new(counters[0], 0)], Share.Whole).Levels[0].Remaining(counters[0]));
    }

    [Fact]
    public void Share_IsAPartOfTheLimit_AtLeastOne()
    {
        var counter = Sliding(7);
        Assert.Equal(2, Enumerable.Range(0, 10).Count(_ => _store.Take([new(counter, 1)], new Share(3, 0)).IsTaken));
        Assert.True(_store.Take([new(Sliding(1, "small"), 1)], new Share(3, 0)).IsTaken);
    }

    [Fact]
    public void Counters_ThatAreEmpty_GoAway()
    {
        Take(Sliding(5, "a"), Sliding(5, "b"));
        Take(new Counter("c", CounterKind.Concurrency, 1, TimeSpan.Zero));
        Assert.Equal(3, _store.Count);

        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(1, _store.Count);
    }

    private Decision Take(params Counter[] counters) => _store.Take([.. counters.Select(counter => new Charge(counter, 1))], Share.Whole);

    private static Counter Sliding(long limit, string name = "k", bool isShadow = false) => new(name, CounterKind.Sliding, limit, Minute, isShadow);
}
