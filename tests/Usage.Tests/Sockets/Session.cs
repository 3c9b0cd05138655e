using System.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Sockets;
using OpenAIProxy.Usage.Tests.Answers;

namespace OpenAIProxy.Usage.Tests.Sockets;

/// <summary>A session whose messages come cut in two at a place, or byte by byte, with a clock that stands unless it is moved.</summary>
internal sealed class Session
{
    /// <summary>Messages in one piece.</summary>
    public const int Whole = int.MaxValue;

    /// <summary>Messages byte by byte.</summary>
    public const int Bytes = -1;

    private readonly Clock _clock = new();
    private readonly List<string> _told = [];
    private readonly SocketMeter _meter;
    private readonly int _cut;

    public Session(MeterKind kind, RequestFacts facts, int cut)
    {
        _cut = cut;
        _meter = SocketMeter.Create(
            kind, facts, _clock, (usage, took) => _told.Add($"{Told.Of(usage)} took {took.TotalSeconds:0.###}"));
    }

    /// <summary>Asserts that a session tells the same however its messages are cut.</summary>
    public static void Tells(MeterKind kind, Action<Session> messages, string expected, RequestFacts? facts = null)
    {
        foreach (var cut in Enumerable.Range(0, 700).Append(Bytes).Append(Whole))
        {
            var session = new Session(kind, facts ?? new RequestFacts(), cut);
            messages(session);
            session._told.Add("end " + Told.Of(session._meter.Finish()));
            var told = string.Join('\n', session._told);
            if (told != expected.ReplaceLineEndings("\n"))
            {
                Assert.Fail($"Cut at {cut}:\n{told}");
            }
        }
    }

    public void Server(string message) => Send(fromClient: false, message);

    public void Client(string message) => Send(fromClient: true, message);

    public void Pass(double seconds) => _clock.Now += (long)(seconds * TimeSpan.TicksPerSecond);

    private void Send(bool fromClient, string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        if (_cut == Bytes)
        {
            foreach (var next in bytes)
            {
                _meter.Observe(fromClient, [next], isEnd: false);
            }

            _meter.Observe(fromClient, [], isEnd: true);
            return;
        }

        var at = Math.Min(_cut, bytes.Length);
        _meter.Observe(fromClient, bytes.AsSpan(0, at), isEnd: at == bytes.Length);
        if (at < bytes.Length)
        {
            _meter.Observe(fromClient, bytes.AsSpan(at), isEnd: true);
        }
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
