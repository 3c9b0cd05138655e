using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>Finds what a WebSocket session used, from the text messages that pass. Never throws; keeps no message.</summary>
internal abstract class SocketMeter
{
    /// <summary>Takes a piece of a text message; both directions may call at the same time.</summary>
    /// <param name="fromClient">True if the client sent it.</param>
    /// <param name="payload">Unmasked bytes, cut anywhere.</param>
    /// <param name="isEnd">True for the message's last piece, which may be empty.</param>
    public abstract void Observe(bool fromClient, ReadOnlySpan<byte> payload, bool isEnd);

    /// <summary>What the session used that was not told yet: responses under way as cut, else a free line for the session itself.</summary>
    public abstract AnswerUsage Finish();

    /// <summary>The meter for a session.</summary>
    /// <param name="kind">The kind of a WebSocket's endpoint.</param>
    /// <param name="facts">What the opening request said.</param>
    /// <param name="time">The clock.</param>
    /// <param name="used">Called with the usage of each response (or transcription, or span of a live session) when it ends, and how long it took.</param>
    public static SocketMeter Create(MeterKind kind, RequestFacts facts, TimeProvider time, Action<AnswerUsage, TimeSpan> used)
        => kind switch
        {
            MeterKind.Realtime => new RealtimeMeter(facts, time, used),
            MeterKind.Translation => new RealtimeMeter(facts, time, used, translates: true),
            MeterKind.Live => new LiveMeter(facts, time, used),
            _ => new ResponseSocketMeter(facts, time, used),
        };
}
