using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Sockets;

/// <summary>What all sockets have in common: responses that begin, go on beside each other, and end.</summary>
internal abstract class SessionMeter : SocketMeter
{
    /// <summary>More than that under way at a time are not kept: the oldest is forgotten.</summary>
    private const int Most = 32;

    private readonly Action<AnswerUsage, TimeSpan> _used;
    private readonly List<ActiveResponse> _underway = [];

    protected SessionMeter(
        JsonNode shape, RequestFacts facts, TimeProvider time, Action<AnswerUsage, TimeSpan> used)
    {
        Facts = facts;
        Time = time;
        _used = used;
        Server = new ServerReader(shape, OnServerEvent);
        Client = new ClientReader(time);
        Began = time.GetTimestamp();
    }

    protected RequestFacts Facts { get; }

    protected TimeProvider Time { get; }

    /// <summary>The event under way.</summary>
    protected ServerReader Server { get; }

    /// <summary>What the client asked for.</summary>
    protected ClientReader Client { get; }

    /// <summary>When the session began, as a timestamp of the clock.</summary>
    protected long Began { get; set; }

    /// <summary>The session's model; empty if it was never told.</summary>
    protected string Model => Server.SessionModel.Length > 0 ? Server.SessionModel : Client.SessionModel;

    public sealed override void Observe(bool fromClient, ReadOnlySpan<byte> payload, bool isEnd)
    {
        if (fromClient)
        {
            Client.Read(payload, isEnd);
        }
        else
        {
            Server.Read(payload, isEnd);
        }
    }

    public sealed override AnswerUsage Finish()
    {
        var lines = new List<UsageLine>();
        foreach (var response in _underway)
        {
            AddCut(lines, response);
        }

        AddRest(lines);
        var isCut = lines.Count > 0;
        if (!isCut)
        {
            lines.Add(Line(UsageUnit.Free, new UsageCounts()));
        }

        return new AnswerUsage(lines, IsError: false, isCut);
    }

    /// <summary>An event of the server is complete.</summary>
    protected virtual void OnServerEvent()
    {
        switch (Server.Event)
        {
            case EventType.Created when Server.HasResponse:
                Begin();
                break;
            case EventType.Delta or EventType.Thought when Find() is { } response:
                response.Take(Server.Text, isThought: Server.Event == EventType.Thought, Time);
                break;
            case EventType.ItemDone when Find() is { } response:
                response.Reading.TakeItem(Server.Response);
                break;
            case EventType.Terminal when Server.HasResponse:
                End();
                break;
        }
    }

    /// <summary>What the client asked for that the event answers; null where responses begin by themselves, too.</summary>
    protected virtual PendingResponse? NextPending() => null;

    /// <summary>Adds what was used besides responses and was not told yet.</summary>
    protected abstract void AddRest(List<UsageLine> lines);

    /// <summary>Tells of one use.</summary>
    protected void Report(UsageLine line, TimeSpan duration, bool isError = false)
        => _used(new AnswerUsage([line], isError, IsCut: false), duration);

    protected UsageLine Line(string unit, UsageCounts counts, bool isEstimated = false)
        => new(Model, ServiceTier.Default, unit, isEstimated, counts);

    /// <summary>Adds a response that was asked for and never ended.</summary>
    protected void AddCut(List<UsageLine> lines, ActiveResponse response)
    {
        var output = (int)Math.Min(response.Output, int.MaxValue);
        var facts = new RequestFacts { InputEstimate = response.Input, Options = response.Options };
        response.Reading.AddLines(lines, facts, hasEnded: false, output, response.WholeEstimate(response.Reading, Time));
    }

    private void Begin()
    {
        var asked = NextPending();
        var reading = Server.TakeResponse();
        if (reading.Model.Length == 0)
        {
            reading.Model = asked is { Model.Length: > 0 } ? asked.Model : Model;
        }

        if (_underway.Count == Most)
        {
            _underway.RemoveAt(0);
        }

        _underway.Add(new ActiveResponse(Server.ResponseId, Server.Lane, reading, asked?.Input ?? 0,
            asked?.At ?? Time.GetTimestamp(), asked?.Options ?? default));
    }

    private void End()
    {
        var reading = Server.Response;
        // A server may leave out that a response begins.
        var begun = Find() ?? Unbegun();
        if (begun is not null)
        {
            _underway.Remove(begun);
            reading.Follow(begun.Reading);
        }

        if (reading.Model.Length == 0)
        {
            reading.Model = Model;
        }

        var lines = new List<UsageLine>(1);
        var facts = new RequestFacts { InputEstimate = begun?.Input ?? 0, Options = begun?.Options ?? default };
        reading.AddLines(lines, facts, hasEnded: true, (int)Math.Min(begun?.Output ?? 0, int.MaxValue), begun?.WholeEstimate(reading, Time) ?? 0);
        var isError = reading.IsError || reading.Status == ResponseStatus.Failed;
        _used(new AnswerUsage(lines, isError, IsCut: false), begun is null ? TimeSpan.Zero : Time.GetElapsedTime(begun.At));
    }

    private ActiveResponse? Unbegun() => NextPending() is { } asked
        ? new ActiveResponse(0, asked.Lane, new ResponseReading { Model = asked.Model }, asked.Input, asked.At, asked.Options)
        : null;

    /// <summary>The response that the event belongs to: by its id, else by its lane, else the one that began last.</summary>
    private ActiveResponse? Find()
    {
        for (var i = _underway.Count - 1; i >= 0; i--)
        {
            var response = _underway[i];
            var isIt = Server.ResponseId != 0 && response.Id != 0
                ? response.Id == Server.ResponseId
                : Server.Lane == 0 || response.Lane == Server.Lane;
            if (isIt)
            {
                return response;
            }
        }

        return null;
    }
}
