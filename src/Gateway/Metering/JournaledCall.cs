using System.Diagnostics;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Metering.Names;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.UsageJournal.Calls;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>One call in the journal: it begins there once, and ends there once, whatever happens and on whichever thread. Nothing here throws.</summary>
internal abstract class JournaledCall(CallMeters meters, EndpointRow endpoint, RequestFacts facts, string key) : CallObserver
{
    private readonly long _startedTicks = meters.Time.GetTimestamp();
    private readonly long _started = meters.Time.GetUtcNow().ToUnixTimeMilliseconds();
    private volatile CallPhase _phase;
    private Guid _id;
    private OpenCall _open;

    public override Guid Id => _phase >= CallPhase.Open ? _id : Guid.Empty;

    /// <summary>What is called.</summary>
    public EndpointRow Endpoint => endpoint;

    /// <summary>What the request says.</summary>
    public RequestFacts Facts => facts;

    /// <summary>What all calls share.</summary>
    public CallMeters Meters => meters;

    /// <summary>True if the key is the caller's own, and whether it is any good only the upstream knows.</summary>
    public bool IsOwnKey { get; init; }

    /// <summary>The last characters of the caller's own key.</summary>
    public KeyEnding Ending { get; init; }

    /// <summary>The answer's status; 0 while there is none.</summary>
    public int Status { get; protected set; }

    /// <summary>True once the record is written.</summary>
    public bool IsOver => _phase == CallPhase.Over;

    /// <summary>Whose the upstream's objects are, if not the operator's.</summary>
    public string? Owner => IsOwnKey ? key : null;

    /// <summary>The call's; ended with it. Null while nobody listens.</summary>
    protected Activity? Span { get; set; }

    /// <summary>True while a drain goes on with it.</summary>
    protected bool IsDrained => _phase == CallPhase.Drained;

    /// <summary>Is told of what the call used; null if nobody is.</summary>
    public IUsageListener? Listener { get; set; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => meters.Time;

    /// <summary>Milliseconds since the request's head.</summary>
    public int Elapsed() => (int)Math.Min(meters.Time.GetElapsedTime(_startedTicks).TotalMilliseconds, int.MaxValue);

    /// <summary>Notes how much of the answer has passed, in tokens as estimated.</summary>
    public void Progress(int outputEstimate) => meters.Journal.Progress(_open, outputEstimate);

    /// <summary>Notes that it goes upstream. The body of a large request passes on another thread than the answer's head; both come here.</summary>
    public void Begin()
    {
        if (_phase >= CallPhase.Open)
        {
            return;
        }

        if (Interlocked.CompareExchange(ref _phase, CallPhase.Beginning, CallPhase.New) != CallPhase.New)
        {
            SpinWait.SpinUntil(() => _phase >= CallPhase.Open);
            return;
        }

        _id = CallId.Next(_started);
        // What a killed gateway leaves becomes rows, too.
        var proof = NameProof.Unanswered;
        var owner = OwnerOf(ref proof);
        var model = UsageLines.Cut(facts.Model);
        _open = meters.Journal.Begin(new CallStart(
            _id, _started, owner, endpoint.Name, proof == NameProof.None ? meters.Names.Name(owner, model, proof) : model, meters.Region,
            endpoint.Kind is MeterKind.Free ? 0 : facts.InputEstimate,
            IsFree: endpoint.Kind is MeterKind.Free || facts.IsRead || (endpoint.Kind is MeterKind.Response && facts.Background)));
        _phase = CallPhase.Open;
    }

    /// <summary>The client has left, and a drain goes on with the answer: it closes the call.</summary>
    public void HandOver()
    {
        Begin();
        Interlocked.CompareExchange(ref _phase, CallPhase.Drained, CallPhase.Open);
    }

    // It never went upstream: there is nothing to write down.
    public override void Refused()
    {
        if (Interlocked.CompareExchange(ref _phase, CallPhase.Over, CallPhase.New) == CallPhase.New)
        {
            Release();
        }
    }

    /// <summary>Writes down what it used. A drain and the forwarder may both come to the end: nothing happens the second time.</summary>
    protected void End(IReadOnlyList<UsageLine> lines, bool isError, bool isCut)
    {
        Begin();
        var before = Interlocked.Exchange(ref _phase, CallPhase.Over);
        if (before == CallPhase.Over)
        {
            return;
        }

        isCut |= before == CallPhase.Drained;
        var record = Record(_id, _started, Elapsed(), lines, isError, isCut);
        record.FirstToken = FirstToken(isError, isCut);
        meters.Journal.End(_open, record);
        meters.Telemetry.Record(endpoint, record, UsageLines.Cut(facts.Model), Span);
        Listener?.Used(record, isLast: true);
        Span?.Dispose();
        Release();
    }

    /// <summary>Writes down one response of a session, as a call of its own.</summary>
    public void WriteResponse(AnswerUsage usage, TimeSpan took)
    {
        var duration = (int)Math.Clamp(took.TotalMilliseconds, 0, int.MaxValue);
        var started = meters.Time.GetUtcNow().ToUnixTimeMilliseconds() - duration;
        var record = Record(CallId.Next(started), started, duration, usage.Lines, usage.IsError, usage.IsCut);
        var open = meters.Journal.Begin(new CallStart(record.Id, started, record.Key, endpoint.Name, record.RequestedModel, meters.Region, 0));
        meters.Journal.End(open, record);
        Listener?.Used(record, isLast: false);
        using var span = UpstreamSpan.StartResponse(Span, DateTimeOffset.FromUnixTimeMilliseconds(started));
        meters.Telemetry.Record(endpoint, record, UsageLines.Cut(facts.Model), span);
    }

    /// <summary>When the first token came, in milliseconds since the head; -1 if none did.</summary>
    protected abstract int FirstToken(bool isError, bool isCut);

    /// <summary>Its record is written.</summary>
    protected abstract void Release();

    private UsageRecord Record(Guid id, long started, int duration, IReadOnlyList<UsageLine> lines, bool isError, bool isCut)
    {
        // Whoever makes keys and models up must not fill the ledger with them.
        var proof = ProofOf(lines, isError, isCut);
        var owner = OwnerOf(ref proof);
        // Where nothing is made, upstream doesn't look at the model.
        var asked = facts.IsRead || endpoint.Kind is MeterKind.Free ? NameProof.None : proof;
        var isKeyRefused = IsOwnKey && Status == StatusCodes.Status401Unauthorized;
        return new UsageRecord
        {
            Id = id,
            Started = started,
            Key = owner,
            Endpoint = endpoint.Name,
            RequestedModel = isKeyRefused ? "" : meters.Names.Name(owner, UsageLines.Cut(facts.Model), asked),
            Region = meters.Region,
            EndUser = meters.EndUsers.Of(owner, facts.EndUser, proof),
            Status = Status,
            IsError = isError,
            IsCut = isCut,
            Duration = duration,
            Lines = UsageLines.WithCall(meters.Names.Lines(owner, lines, proof), isError, isCut, Owner),
        };
    }

    // A session is answered by what comes in it: servers open it before they look at the model.
    private NameProof ProofOf(IReadOnlyList<UsageLine> lines, bool isError, bool isCut)
    {
        var isUsed = lines[0].Unit != UsageUnit.Free;
        return Status switch
        {
            >= 200 and < 300 when isUsed || !isError => NameProof.Answered,
            StatusCodes.Status101SwitchingProtocols when isUsed => isCut ? NameProof.Unanswered : NameProof.Answered,
            0 => NameProof.Unanswered,
            _ => NameProof.None,
        };
    }

    private string OwnerOf(ref NameProof proof)
    {
        if (!IsOwnKey)
        {
            return key;
        }

        var owner = meters.Names.OwnKey(key, Ending, proof == NameProof.Answered && endpoint.Kind != MeterKind.Free);
        // Of a stranger nothing is believed.
        proof = proof == NameProof.Unanswered && owner != key ? NameProof.None : proof;
        return owner;
    }
}
