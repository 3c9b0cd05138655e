using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>Live sessions: seconds since the session's beginning, told again and again; and the responses that it delegates.</summary>
internal sealed class LiveMeter(RequestFacts facts, TimeProvider time, Action<AnswerUsage, TimeSpan> used)
    : SessionMeter(SocketShapes.LiveEvent, facts, time, used)
{
    private long _told;
    private bool _isClosed;
    private bool _hasBegun;

    protected override void OnServerEvent()
    {
        switch (Server.Event)
        {
            case EventType.SessionCreated when !_hasBegun:
                _hasBegun = true;
                Began = Time.GetTimestamp();
                break;
            case EventType.SessionUsage or EventType.SessionClosed:
                _isClosed = Server.Event == EventType.SessionClosed;
                TellGrowth();
                break;
            default:
                base.OnServerEvent();
                break;
        }
    }

    protected override void AddRest(List<UsageLine> lines)
    {
        // The seconds since they were last told.
        var rest = (long)Time.GetElapsedTime(Began).TotalMilliseconds;
        if (_hasBegun && !_isClosed && rest > 0)
        {
            lines.Add(Line(UsageUnit.Milliseconds, new UsageCounts { Quantity = rest }, isEstimated: true));
        }
    }

    private void TellGrowth()
    {
        if (!Server.Usage.HasTime)
        {
            return;
        }

        var now = Server.Usage.Milliseconds;
        if (now > _told)
        {
            Report(Line(UsageUnit.Milliseconds, new UsageCounts { Quantity = now - _told }), Time.GetElapsedTime(Began));
            _told = now;
        }

        _hasBegun = true;
        Began = Time.GetTimestamp();
    }
}
