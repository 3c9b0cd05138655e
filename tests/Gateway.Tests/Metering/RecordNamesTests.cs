using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Metering.Names;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>What is kept of names stays bounded.</summary>
public sealed class RecordNamesTests
{
    [Fact]
    public void Names_OfManyKeys_AreBoundedTogether()
    {
        var names = new RecordNames(_ => false, new FakeTimeProvider(), mostNames: 200, mostKeys: 10_000, NullLogger<RecordNames>.Instance);
        var kept = 0;

        for (var key = 0; key < 300; key++)
        {
            for (var name = 0; name < 250; name++)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{key} {name}");
                kept += names.Name(key.ToString(CultureInfo.InvariantCulture), text, NameProof.Answered) == text ? 1 : 0;
            }
        }

        Assert.Equal(20_000, kept);
    }

    [Fact]
    public void Keys_AreBounded()
    {
        var time = new FakeTimeProvider();
        var names = new RecordNames(_ => false, time, mostNames: 200, mostKeys: 100, NullLogger<RecordNames>.Instance);
        int Kept() => Enumerable.Range(0, 150).Count(i => names.OwnKey($"key_{i}", default, isAnswer: true) != UsageDimensions.Anonymous);

        Assert.Equal(100, Kept());
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(100, Kept());
    }

    [Fact]
    public void Surplus_OfNamesAndOfKeys_IsToldOnceEach()
    {
        using var logs = new LogSink();
        using var loggers = new LoggerFactory([logs]);
        var names = new RecordNames(_ => false, new FakeTimeProvider(), mostNames: 1, mostKeys: 1, loggers.CreateLogger<RecordNames>());

        for (var i = 0; i < 3; i++)
        {
            names.Name("key", string.Create(CultureInfo.InvariantCulture, $"name {i}"), NameProof.Answered);
            names.OwnKey(string.Create(CultureInfo.InvariantCulture, $"key {i}"), default, isAnswer: true);
        }

        Assert.Single(logs.Find("NewNamesPerDay"));
        Assert.Single(logs.Find("NewKeysPerDay"));
    }

    [Fact]
    public void Names_ThatAreKnown_CostNoAllocation()
    {
        var names = new RecordNames(n => n == "gpt-4o", TimeProvider.System, 200, 100, NullLogger<RecordNames>.Instance);
        names.Name("key", "my-llama", NameProof.Answered);
        names.OwnKey("key", default, isAnswer: true);

        Assert.InRange(
            Allocations.During(() =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    names.Name("key", "gpt-4o", NameProof.Answered);
                    names.Name("key", "my-llama", NameProof.None);
                    names.OwnKey("key", default, isAnswer: true);
                }
            }),
            0,
            1000);
    }
}
