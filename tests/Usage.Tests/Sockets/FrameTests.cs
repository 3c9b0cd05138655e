using System.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Sockets;

namespace OpenAIProxy.Usage.Tests.Sockets;

public sealed class FrameTests
{
    private static readonly byte[] Key = [0x12, 0x34, 0xFE, 0x00];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Messages_CutAnywhere_AreSeenWhole(bool masked)
    {
        var longText = new string('x', 300);
        byte[] bytes =
        [
            .. Frame(1, true, "{\"a\":1}", masked),
            .. Frame(1, false, "{\"frag", masked), .. Frame(9, true, "ping", masked), .. Frame(0, false, "", masked), .. Frame(0, true, "ment\":😀}", masked),
            .. Frame(2, false, "bin", masked), .. Frame(10, true, "", masked), .. Frame(0, true, "ary", masked),
            .. Frame(1, true, "", masked),
            .. Frame(0x41, true, "compressed", masked),
            .. Frame(1, true, longText, masked),
            .. Frame(8, true, "\u0003\u00e8bye", masked),
        ];
        string[] expected = ["{\"a\":1}", "{\"fragment\":😀}", "", longText];

        Assert.Equal(expected, Scan(masked, [bytes]));
        Assert.Equal(expected, Scan(masked, [.. bytes.Select(b => new[] { b })]));
        for (var i = 1; i < bytes.Length; i++)
        {
            Assert.Equal(expected, Scan(masked, [bytes[..i], bytes[i..]]));
        }
    }

    [Fact]
    public void Message_Of20Megabytes_IsSeenInPieces()
    {
        var text = new string('x', 20_000_000);

        var seen = Scan(true, Frame(1, true, text, true).Chunk(60_000).ToArray());

        Assert.Equal(text.Length, Assert.Single(seen).Length);
    }

    private static List<string> Scan(bool fromClient, byte[][] pieces)
    {
        var meter = new Listener();
        var scan = new FrameScan(meter, fromClient);
        foreach (var piece in pieces)
        {
            scan.Scan(piece);
        }

        Assert.All(meter.Directions, d => Assert.Equal(fromClient, d));
        return meter.Messages;
    }

    private static byte[] Frame(int code, bool isLast, string text, bool masked)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        var head = new List<byte> { (byte)(code | (isLast ? 0x80 : 0)) };
        var mask = masked ? 0x80 : 0;
        if (payload.Length < 126)
        {
            head.Add((byte)(payload.Length | mask));
        }
        else if (payload.Length < 65536)
        {
            head.AddRange([(byte)(126 | mask), (byte)(payload.Length >> 8), (byte)payload.Length]);
        }
        else
        {
            head.Add((byte)(127 | mask));
            head.AddRange(BitConverter.GetBytes((ulong)payload.Length).Reverse());
        }

        if (masked)
        {
            head.AddRange(Key);
            for (var i = 0; i < payload.Length; i++)
            {
                payload[i] ^= Key[i & 3];
            }
        }

        return [.. head, .. payload];
    }

    private sealed class Listener : SocketMeter
    {
        private readonly List<byte> _message = [];

        public List<string> Messages { get; } = [];

        public HashSet<bool> Directions { get; } = [];

        public override void Observe(bool fromClient, ReadOnlySpan<byte> payload, bool isEnd)
        {
            Directions.Add(fromClient);
            _message.AddRange(payload);
            if (isEnd)
            {
                Messages.Add(Encoding.UTF8.GetString([.. _message]));
                _message.Clear();
            }
        }

        public override AnswerUsage Finish() => throw new NotSupportedException();
    }
}
