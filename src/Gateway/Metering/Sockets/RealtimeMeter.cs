using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Metering.Answers;
using OpenAIProxy.Gateway.Metering.Requests;

namespace OpenAIProxy.Gateway.Metering.Sockets;

/// <summary>
/// Realtime sessions: a usage for each response, another for each input that was written down. Sessions that translate tell of neither;
/// they are billed by time.
/// </summary>
internal sealed class RealtimeMeter(RequestFacts facts, TimeProvider time, Action<AnswerUsage, TimeSpan> used)
    : SessionMeter(SocketShapes.ServerEvent, facts, time, used)
{
    private bool _isClosed;

    private string Translator => Model.Length > 0 ? Model : Facts.Model ?? "";

    protected override void OnServerEvent()
    {
        switch (Server.Event)
        {
            case EventType.Transcribed:
                Tell(Transcription(), TimeSpan.Zero);
                break;
            case EventType.SessionClosed when !_isClosed:
                _isClosed = true;
                Tell(TimeLine(isEstimated: false), Time.GetElapsedTime(Began));
                break;
            default:
                base.OnServerEvent();
                break;
        }
    }

    protected override void AddRest(List<UsageLine> lines)
    {
        if (!_isClosed && Translator.Contains("translate", StringComparison.Ordinal))
        {
            lines.Add(TimeLine(isEstimated: true));
        }
    }

    private UsageLine TimeLine(bool isEstimated)
    {
        var told = Server.Usage.HasTime ? Server.Usage.Milliseconds : (long)Time.GetElapsedTime(Began).TotalMilliseconds;
        return Line(UsageUnit.Milliseconds, new UsageCounts { Quantity = told }, isEstimated);
    }

    private UsageLine Transcription()
    {
        var usage = Server.Usage;
        var line = usage.HasTokens ? Line(UsageUnit.Tokens, usage.Tokens())
            : usage.HasTime ? Line(UsageUnit.Milliseconds, new UsageCounts { Quantity = usage.Milliseconds })
            : Line(UsageUnit.Unmetered, new UsageCounts());
        return line with { Model = Server.TranscriptionModel };
    }
}
