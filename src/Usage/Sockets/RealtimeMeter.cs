using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>
/// Realtime sessions: a usage for each response, another for each input that was written down. Sessions that translate tell of neither;
/// they are billed by the time of their audio, of which the session's own is an estimate.
/// </summary>
internal sealed class RealtimeMeter(RequestFacts facts, TimeProvider time, Action<AnswerUsage, TimeSpan> used, bool translates = false)
    : SessionMeter(SocketShapes.ServerEvent, facts, time, used)
{
    private bool _isClosed;

    private bool Translates => translates || (Model.Length > 0 ? Model : Facts.Model ?? "").Contains("translate", StringComparison.Ordinal);

    protected override void OnServerEvent()
    {
        switch (Server.Event)
        {
            case EventType.Transcribed:
                Report(Transcription(), TimeSpan.Zero);
                break;
            case EventType.SessionClosed when !_isClosed:
                _isClosed = true;
                Report(TimeLine(), Time.GetElapsedTime(Began));
                break;
            default:
                base.OnServerEvent();
                break;
        }
    }

    protected override void AddRest(List<UsageLine> lines)
    {
        if (!_isClosed && Translates)
        {
            lines.Add(TimeLine());
        }
    }

    private UsageLine TimeLine()
    {
        var isTold = Server.Usage.HasTime;
        var milliseconds = isTold ? Server.Usage.Milliseconds : (long)Time.GetElapsedTime(Began).TotalMilliseconds;
        return Line(UsageUnit.Milliseconds, new UsageCounts { Quantity = milliseconds }, isEstimated: !isTold);
    }

    private UsageLine Transcription()
    {
        var usage = Server.Usage;
        var line = usage.HasSome ? Line(UsageUnit.Tokens, usage.Tokens(out var isInferred), isInferred)
            : usage.HasTime ? Line(UsageUnit.Milliseconds, new UsageCounts { Quantity = usage.Milliseconds })
            : Line(UsageUnit.Unmetered, new UsageCounts());
        return line with { Model = Server.TranscriptionModel, IsOfAnotherModel = true };
    }
}
