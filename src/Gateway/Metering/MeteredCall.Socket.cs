using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Metering.Taps;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Sockets;
using OpenAIProxy.UsageJournal;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>How a WebSocket session is watched: each response in it is a record of its own, and so is the session.</summary>
internal sealed partial class MeteredCall
{
    private SocketMeter? _socket;

    public override Stream TapSocket(Stream upstream)
    {
        if (!endpoint.IsSocket)
        {
            return upstream;
        }

        try
        {
            _socket = SocketMeter.Create(endpoint.Kind, facts, TimeProvider.System, Used);
            return new SocketTap(upstream, _socket, this);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            GiveUp(e);
            return upstream;
        }
    }

    private void EndSocket()
    {
        if (_socket is null)
        {
            EndWith([_isBlind ? UsageLines.Unmetered(facts) : UsageLines.OfStatus(endpoint.Kind, facts, _status)], isError: false, isCut: false);
            return;
        }

        try
        {
            var usage = _socket.Finish();
            EndWith(_isBlind ? [UsageLines.Unmetered(facts)] : usage.Lines, usage.IsError, usage.IsCut);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            GiveUp(e);
            EndWith([UsageLines.Unmetered(facts)], isError: false, isCut: false);
        }
    }

    private void Used(AnswerUsage usage, TimeSpan took)
    {
        var duration = (int)Math.Clamp(took.TotalMilliseconds, 0, int.MaxValue);
        var started = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - duration;
        var id = CallId.Next(started);
        var model = UsageLines.Cut(facts.Model);
        var proof = ProofOf(usage.Lines, usage.IsError, usage.IsCut);
        var owner = OwnerOf(ref proof);
        var name = meters.Names.Name(owner, model, proof);
        var open = meters.Journal.Begin(new CallStart(id, started, owner, endpoint.Name, name, meters.Region, 0));
        var record = new UsageRecord
        {
            Id = id,
            Started = started,
            Key = owner,
            Endpoint = endpoint.Name,
            RequestedModel = name,
            Region = meters.Region,
            Status = _status,
            IsError = usage.IsError,
            IsCut = usage.IsCut,
            Duration = duration,
            Lines = UsageLines.WithCall(meters.Names.Lines(owner, usage.Lines, proof), usage.IsError, usage.IsCut, Owner),
        };
        meters.Journal.End(open, record);
        using var span = UpstreamSpan.StartResponse(_span, DateTimeOffset.FromUnixTimeMilliseconds(started));
        meters.Telemetry.Record(endpoint, record, model, span);
    }
}
