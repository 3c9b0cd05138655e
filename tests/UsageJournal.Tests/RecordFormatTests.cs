using System.Text.Json;
using OpenAIProxy.Contracts;
using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Tests;

public sealed class RecordFormatTests
{
    [Fact]
    public void Record_AllFieldsSet_ComesBackAsItWas()
    {
        var counts = new UsageCounts
        {
            Requests = 1,
            Errors = 1,
            Cut = 1,
            Input = 127,
            CachedInput = 128,
            CacheWrite = 16_384,
            AudioInput = long.MaxValue,
            CachedAudioInput = -1,
            ImageInput = 9,
            CachedImageInput = 10,
            Output = 11,
            ReasoningOutput = 12,
            AudioOutput = 13,
            ImageOutput = 14,
            Quantity = 15,
            CacheWrite12h = 16,
        };
        var record = new UsageRecord
        {
            Id = Guid.CreateVersion7(),
            Started = 1_772_600_767_123,
            Key = "key_0123",
            Endpoint = "chat",
            RequestedModel = "gpt-é-模型",
            Region = "eu",
            Status = 599,
            IsError = true,
            IsCut = true,
            Duration = int.MaxValue,
            FirstToken = -1,
            Lines =
            [
                new UsageLine("m", ServiceTier.Flex, UsageUnit.Tokens, true, counts) { IsOfAnotherModel = true },
                new UsageLine("", ServiceTier.Default, UsageUnit.Tool + "web_search", false, new UsageCounts { Quantity = 2 }, "resp_123"),
            ],
        };

        Assert.Equal(JsonSerializer.Serialize(record), JsonSerializer.Serialize(RoundTrip(record)));
    }

    [Fact]
    public void EndUser_ComesBack_AndARecordWithoutOneIsOfTheFirstVersion()
    {
        var record = new UsageRecord
        {
            Id = Guid.CreateVersion7(),
            Started = 1,
            Key = "key_0123",
            Endpoint = "chat",
            RequestedModel = "gpt-4o",
            Region = "eu",
            EndUser = "ann@example.com",
            Lines = [new UsageLine("m", ServiceTier.Default, UsageUnit.Tokens, false, new UsageCounts { Requests = 1 })],
        };
        var without = new UsageRecord
        {
            Id = record.Id,
            Started = 1,
            Key = "key_0123",
            Endpoint = "chat",
            RequestedModel = "gpt-4o",
            Region = "eu",
            Lines = record.Lines,
        };

        Assert.Equal(JsonSerializer.Serialize(record), JsonSerializer.Serialize(RoundTrip(record)));
        Assert.Equal((2, 1), (Encode(record)[0], Encode(without)[0]));
    }

    [Fact]
    public void Counts_OfEachKind_HaveTheSameBytesInEachRelease()
    {
        var counts = new UsageCounts
        {
            Requests = 1,
            Errors = 2,
            Cut = 3,
            Input = 4,
            CachedInput = 5,
            CacheWrite = 6,
            AudioInput = 7,
            CachedAudioInput = 8,
            ImageInput = 9,
            CachedImageInput = 10,
            Output = 11,
            ReasoningOutput = 12,
            AudioOutput = 13,
            ImageOutput = 14,
            Quantity = 15,
            CacheWrite12h = 300,
        };

        Assert.Equal("FFFF0102030405060708090A0B0C0D0E0FAC02", Bytes(counts));
        Assert.Equal("0880800101", Bytes(new UsageCounts { CacheWrite12h = 1, Input = 128 }));

        static string Bytes(UsageCounts counts)
        {
            var bytes = new byte[CountsFormat.Most];
            var length = 0;
            CountsFormat.Write(counts, bytes, ref length);
            return Convert.ToHexString(bytes, 0, length);
        }
    }

    [Fact]
    public void Record_NamesTooLong_AreCut()
    {
        var name = new string('模', 500);
        var record = JournalRig.Record(null, new UsageLine(name, name, name, false, new UsageCounts(), new string('x', 600)));

        var line = RoundTrip(record).Lines[0];

        Assert.Equal((name[..128], name[..128], name[..128]), (line.Model, line.Tier, line.Unit));
        Assert.Equal(RecordFormat.LongestOnce, line.Once!.Length);
    }

    [Fact]
    public void Record_NameWithControlCharacters_HasNoneWhenRead()
        => Assert.Equal("a\uFFFDb\uFFFD", RoundTrip(JournalRig.Record(null, JournalRig.Line("a\0b\n"))).Lines[0].Model);

    [Fact]
    public void Record_NameCutInASurrogatePair_IsStillText()
    {
        var line = RoundTrip(JournalRig.Record(null, JournalRig.Line(new string('x', 127) + "😀"))).Lines[0];

        Assert.Equal(new string('x', 127) + "\uFFFD", line.Model);
    }

    [Fact]
    public void Record_CutAnywhere_IsInvalidDataOrARecord()
    {
        var payload = Encode(JournalRig.Record(null, JournalRig.Line(), JournalRig.Line(once: "resp_1")));

        for (var length = 0; length < payload.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => RecordReader.Read(payload.AsSpan(0, length), new NameCache()));
        }
    }

    [Fact]
    public void Record_OfAnotherVersion_IsInvalidData()
    {
        var payload = Encode(JournalRig.Record());
        payload[0]++;

        Assert.Throws<InvalidDataException>(() => RecordReader.Read(payload, new NameCache()));
    }

    internal static byte[] Encode(UsageRecord record)
    {
        var payload = new byte[RecordFormat.Bound(record)];
        return payload[..RecordFormat.Write(record, payload)];
    }

    private static UsageRecord RoundTrip(UsageRecord record) => RecordReader.Read(Encode(record), new NameCache());
}
