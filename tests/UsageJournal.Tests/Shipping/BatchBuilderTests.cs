using OpenAIProxy.Contracts;
using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.UsageJournal.Tests.Shipping;

public sealed class BatchBuilderTests
{
    [Fact]
    public void Records_OfEqualDimensions_AreAddedUp()
    {
        var rows = Build(JournalRig.Record(), JournalRig.Record(), JournalRig.Record(null, JournalRig.Line("other")));

        Assert.Equal(2, rows.Count);
        Assert.Equal(new UsageDimensions(492389, "key_1", "gpt-4o-2024-08-06", "gpt-4o", "chat", ServiceTier.Default, "", 0, UsageUnit.Tokens, false),
            rows[0].What);
        Assert.Equal(new UsageCounts { Requests = 2, Input = 14, Output = 6 }, rows[0].Counts);
        Assert.Equal(2, rows[0].Duration![LatencyBuckets.Of(1234)]);
        Assert.Equal(2, rows[0].FirstToken![LatencyBuckets.Of(56)]);
        Assert.Equal("other", rows[1].What.Model);
    }

    [Fact]
    public void Model_AsAskedFor_IsNamedOnce()
        => Assert.Equal(("gpt-4o", ""), Names(Build(JournalRig.Record(null, JournalRig.Line("gpt-4o")))[0]));

    [Fact]
    public void Model_NotAnswered_IsTheOneAskedFor()
        => Assert.Equal(("gpt-4o", ""), Names(Build(JournalRig.Record(null, JournalRig.Line("")))[0]));

    [Theory]
    [InlineData(UsageUnit.Tokens, 200_000, 128_000)]
    [InlineData(UsageUnit.Tokens, 200_001, 200_000)]
    [InlineData(UsageUnit.Milliseconds, 200_001, 0)]
    public void Context_OfTokens_IsTheirSizeClass(string unit, long input, int context)
        => Assert.Equal(context, Build(JournalRig.Record(null, JournalRig.Line(unit: unit, input: input)))[0].What.Context);

    [Theory]
    [InlineData("batches")]
    [InlineData("runs")]
    public void Context_OfASumOfManyRequests_IsNone(string endpoint)
    {
        var record = new UsageRecord
        {
            Id = Guid.CreateVersion7(),
            Started = 0,
            Key = "key_1",
            Endpoint = endpoint,
            RequestedModel = "",
            Lines = [JournalRig.Line(once: "job_1", input: 5_000_000)],
        };

        Assert.Equal(0, Build(record)[0].What.Context);
    }

    [Fact]
    public void Rows_CountedOnce_StayApart()
    {
        var rows = Build(
            JournalRig.Record(null, JournalRig.Line(once: "resp_1"), JournalRig.Line()), JournalRig.Record(null, JournalRig.Line(once: "resp_1")),
            JournalRig.Record());

        Assert.Equal(["resp_1", null, "resp_1"], rows.Select(r => r.Once));
        Assert.Equal(2, rows[1].Counts.Requests);
    }

    [Fact]
    public void Times_BelongToTheFirstLine_AndAreLeftOutWhereUnknown()
    {
        var record = JournalRig.Record(null, JournalRig.Line(), JournalRig.Line(unit: UsageUnit.Tool + "web_search"));
        record.FirstToken = -1;

        var rows = Build(record);

        Assert.Single(rows[0].Duration!);
        Assert.Null(rows[0].FirstToken);
        Assert.Null(rows[1].Duration);
    }

    [Fact]
    public void Calls_AreTheLastOnesAndWhatEachUsed()
    {
        var records = Enumerable.Range(0, RecentCall.MostOfBatch + 3).Select(i => JournalRig.Record(null, JournalRig.Line(input: 100 + i))).ToArray();

        var calls = BatchOf(records).Calls!;

        Assert.Equal(Enumerable.Range(3, RecentCall.MostOfBatch).Select(i => 100L + i), calls.Select(call => Assert.Single(call.Rows).Counts.Input));
        var (call, record) = (calls[^1], records[^1]);
        Assert.Equal((record.Started + record.Duration, record.Duration, record.Status), (call.Ended, call.Duration, call.Status));
        Assert.Equal((record.Key, record.Endpoint), (call.Rows[0].What.Key, call.Rows[0].What.Endpoint));
    }

    [Fact]
    public void Call_OfWhatIsCountedOnce_IsShownWithoutIt()
    {
        var call = Assert.Single(BatchOf(
            JournalRig.Record(null, JournalRig.Line(once: "resp_1", input: 500), JournalRig.Line(once: "resp_1", unit: "image"))).Calls!);

        var row = Assert.Single(call.Rows);
        Assert.Equal((UsageUnit.Free, 1, 0, null), (row.What.Unit, row.Counts.Requests, row.Counts.Input, row.Once));
    }

    [Fact]
    public void Call_WithManyLines_HasSomeOfThem()
        => Assert.Equal(RecentCall.MostRows, Assert.Single(BatchOf(JournalRig.Record(null, [.. Enumerable.Repeat(JournalRig.Line(), 100)])).Calls!).Rows.Count);

    [Fact]
    public void Batch_OfASegmentWithoutRecords_HasNoCalls() => Assert.Null(BatchOf().Calls);

    private static IReadOnlyList<UsageRow> Build(params UsageRecord[] records) => BatchOf(records).Rows;

    private static UsageBatch BatchOf(params UsageRecord[] records)
    {
        var builder = new BatchBuilder();
        Array.ForEach(records, builder.Add);
        return builder.Build(Guid.NewGuid());
    }

    private static (string, string) Names(UsageRow row) => (row.What.Model, row.What.RequestedModel);
}
