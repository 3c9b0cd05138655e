using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>Responses over a socket, one after another in each lane.</summary>
internal sealed class ResponseSocketMeter(RequestFacts facts, TimeProvider time, Action<AnswerUsage, TimeSpan> used)
    : SessionMeter(SocketShapes.ServerEvent, facts, time, used)
{
    protected override void OnServerEvent()
    {
        if (Server.Event == EventType.Error)
        {
            Fail();
        }
        else
        {
            base.OnServerEvent();
        }
    }

    protected override PendingResponse? NextPending() => Client.Next(Server.Lane);

    protected override void AddRest(List<UsageLine> lines)
    {
        while (Client.Next(0) is { } asked)
        {
            AddCut(lines, new ActiveResponse(0, asked.Lane, new ResponseReading { Model = asked.Model }, asked.Input, asked.At, asked.Options));
        }
    }

    /// <summary>A response that was asked for is refused; or one under way has failed, or the socket has: that one is told at the end.</summary>
    private void Fail()
    {
        if (NextPending() is { } asked)
        {
            Report(Line(UsageUnit.Free, new UsageCounts()) with { Model = asked.Model }, Time.GetElapsedTime(asked.At), isError: true);
        }
    }
}
