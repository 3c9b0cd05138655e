using System.Text;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Decoding;
using OpenAIProxy.Usage.Tests.Answers;

namespace OpenAIProxy.Usage.Tests.Decoding;

/// <summary>Whatever a network cuts a coded stream into, the meter sees what was encoded, and nothing that stands behind its end.</summary>
public sealed class BodyDecoderTests
{
    private const string Text = """{"model":"gpt-4o-mini","choices":[{"message":{"content":"Grüße, 12345"}}]}""";

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("raw")]
    [InlineData("zstd")]
    public void Stream_CutAnywhere_IsDecodedToItsEnd(string coding)
    {
        byte[] stream = [.. Coding.Encode(coding, Encoding.UTF8.GetBytes(Text)), .. "junk, not coded"u8];

        foreach (var pieces in Cut.Ways(stream))
        {
            Assert.Equal(Text, Decode(coding, pieces));
        }
    }

    [Theory]
    [InlineData("gzip", 2)]
    [InlineData("gzip", 5)]
    [InlineData("zstd", 2)]
    [InlineData("zstd", 5)]
    public void Members_OneBehindTheOther_AreOneBody(string coding, int count)
    {
        var member = Coding.Encode(coding, Encoding.UTF8.GetBytes(Text));
        byte[] stream = [.. Enumerable.Repeat(member, count).SelectMany(m => m)];

        foreach (var pieces in Cut.Ways(stream))
        {
            Assert.Equal(string.Concat(Enumerable.Repeat(Text, count)), Decode(coding, pieces));
        }
    }

    [Fact]
    public void Piece_ThatUnpacksToMoreThanABuffer_IsShownWhole()
    {
        var text = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i} "));
        foreach (var coding in new[] { "gzip", "br", "deflate", "raw", "zstd" })
        {
            Assert.Equal(text, Decode(coding, [Coding.Encode(coding, Encoding.UTF8.GetBytes(text))]));
        }
    }

    [Theory]
    [InlineData(null, false, null)]
    [InlineData("", false, null)]
    [InlineData("identity", false, null)]
    [InlineData("Identity , ", false, null)]
    [InlineData("GZIP", true, "gzip")]
    [InlineData(" x-gzip ", true, "x-gzip")]
    [InlineData("identity, br", true, "br")]
    [InlineData("gzip, br", true, null)]
    [InlineData("gzip,gzip", true, null)]
    public void ContentEncoding_IsReadAsAList(string? value, bool isEncoded, string? coding)
    {
        Assert.Equal(isEncoded, BodyDecoder.IsEncoded(value, out var read));
        Assert.Equal(coding, read);
    }

    [Fact]
    public void Junk_BehindTheEnd_CostsNothing()
    {
        using var decoder = BodyDecoder.For("br", TimeProvider.System)!;
        var seen = new Seen();
        Assert.True(decoder.Feed(Coding.Encode("br", "{}"u8), seen));
        var junk = new byte[64 * 1024];

        var allocated = Allocations.During(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Assert.True(decoder.Feed(junk, seen));
            }
        });

        Assert.Equal("{}", seen.Text);
        Assert.InRange(allocated, 0, 1024);
    }

    [Fact]
    public void Body_ThatTakesTooLong_IsGivenUp()
    {
        // Each look at the clock takes a hundredth of the two seconds that a body has; each byte is at least one.
        using var decoder = BodyDecoder.For("gzip", new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(20) })!;
        var body = new byte[1000];
        new Random(1).NextBytes(body);
        var seen = new Seen();

        var fed = Coding.Encode("gzip", body).TakeWhile(next => decoder.Feed([next], seen)).Count();

        Assert.InRange(fed, 20, 100);
    }

    private static string Decode(string coding, IEnumerable<byte[]> pieces)
    {
        using var decoder = BodyDecoder.For(Coding.Name(coding), TimeProvider.System)!;
        var seen = new Seen();
        foreach (var piece in pieces)
        {
            Assert.True(decoder.Feed(piece, seen));
        }

        return seen.Text;
    }

    private sealed class Seen : AnswerMeter
    {
        private readonly List<byte> _body = [];

        public string Text => Encoding.UTF8.GetString(_body.ToArray());

        public override bool IsOver => false;

        public override int OutputEstimate => 0;

        public override void Observe(ReadOnlySpan<byte> body) => _body.AddRange(body);

        public override AnswerUsage Finish(bool isWhole) => throw new NotSupportedException();
    }
}
