using System.Diagnostics;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Metering.Drain;
using OpenAIProxy.Gateway.Metering.Names;
using OpenAIProxy.Gateway.Metering.Requests;
using OpenAIProxy.Gateway.Metering.Taps;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Decoding;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Requests;
using OpenAIProxy.UsageJournal;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>
/// One call, from its head to its record: it begins in the journal once, and ends there once, whatever happens. Nothing here throws.
/// </summary>
internal sealed partial class MeteredCall(CallMeters meters, EndpointRow endpoint, RequestFacts facts, string key) : CallObserver
{
    /// <summary>Tokens between two notes of how far a stream is.</summary>
    private const int ProgressStep = 64;

    private readonly long _startedTicks = Stopwatch.GetTimestamp();
    private readonly long _started = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private Activity? _span;
    private Guid _id;
    private OpenCall _open;
    private int _begin;
    private int _closing;
    private AnswerMeter? _meter;
    private BodyDecoder? _decoder;
    private long _left = -1;
    private int _status;
    private int _firstByte = -1;
    private int _firstToken = -1;
    private int _firstWord = -1;
    private int _noted;
    private bool _isBlind;
    private bool _isUnlooked;
    private bool _isOver;
    private volatile bool _requestIsUnderWay;
    private volatile bool _requestIsRead;
    private volatile bool _isHandedOver;

    /// <summary>What is called.</summary>
    public EndpointRow Endpoint => endpoint;

    /// <summary>What the request says.</summary>
    public RequestFacts Facts => facts;

    /// <summary>True if the key is the caller's own, and whether it is any good only the upstream knows.</summary>
    public bool IsOwnKey { get; init; }

    private string? Owner => IsOwnKey ? key : null;

    /// <summary>True once the record is written.</summary>
    public bool IsOver => _isOver;

    /// <summary>Fires when the client leaves. Set only where that matters.</summary>
    public CancellationToken ClientLeft { get; init; }

    /// <summary>True if the answer is to be read on when the client leaves.</summary>
    public bool IsWorthDraining => meters.IsDraining && endpoint.ReadsRequest;

    /// <summary>True if the client has left, and the upstream has all it needs without it.</summary>
    public bool IsLeftAlone => ClientLeft.IsCancellationRequested && _requestIsRead;

    public override Refusal? Refusal => meters.RefusalOf(endpoint);

    public override BodyObserver ObserveBody(HttpRequest request)
    {
        // What it says is known when it has come, or has passed.
        _requestIsUnderWay = true;
        return RequestReading.Of(request, this, meters);
    }

    /// <summary>What matters of the body is known before it is sent.</summary>
    public void RequestIsKnown() => _requestIsUnderWay = false;

    /// <summary>The body has passed to its end.</summary>
    public void RequestIsRead()
    {
        _requestIsUnderWay = false;
        _requestIsRead = true;
        Begin();
    }

    public override void HasNoBody() => RequestIsRead();

    public override void Sent(Activity? span)
    {
        _span = span;
        if (!_requestIsUnderWay)
        {
            Begin();
        }
    }

    public override void SendingHead(IHeaderDictionary headers, HttpRequestMessage message)
    {
        if (LooksAtAnswer)
        {
            AcceptedCodings.Restrict(headers);
        }

        if (IsWorthDraining)
        {
            message.Options.Set(DrainHandler.Call, this);
        }
    }

    /// <summary>The next bytes of the answer, before they go on to the client; none at its end.</summary>
    public void Passed(ReadOnlySpan<byte> bytes)
    {
        if (_isOver)
        {
            return;
        }

        if (bytes.IsEmpty)
        {
            End(isWhole: true);
            return;
        }

        if (_firstByte < 0)
        {
            _firstByte = Elapsed();
        }

        Observe(bytes);
        _left -= _left > 0 ? Math.Min(bytes.Length, _left) : 0;
        if (_left == 0 || _meter is { IsOver: true })
        {
            End(isWhole: true);
        }
    }

    // What was asked, and heard, may have been worked on, and is cut off.
    public override void Failed(int status, bool wasHeard)
    {
        _status = status;
        var isLost = wasHeard && !_requestIsUnderWay;
        EndWith([isLost ? UsageLines.OfRequest(endpoint, facts) : UsageLines.Free], isError: true, isCut: isLost);
    }

    /// <summary>The client has left, and a drain goes on with the answer: it closes the call.</summary>
    public void HandOver() => _isHandedOver = true;

    /// <summary>The drain is over.</summary>
    public void CloseDrained() => CloseNow();

    // Nothing happens if it was over before, or if a drain goes on with it.
    public override void Closed(Activity? span)
    {
        if (!_isHandedOver)
        {
            CloseNow();
        }
    }

    /// <summary>Metering failed: the call goes on, and is recorded as one of which nobody knows what it used.</summary>
    public void GiveUp(Exception exception)
    {
        _isBlind = true;
        meters.Failed(exception);
    }

    private void CloseNow()
    {
        if (_isOver)
        {
            return;
        }

        if (_status == StatusCodes.Status101SwitchingProtocols)
        {
            EndSocket();
            return;
        }

        if (_status != 0)
        {
            End(isWhole: false);
            return;
        }

        // The client left before there was an answer. What was asked is being worked on, unless it has not got there.
        EndWith([_requestIsUnderWay ? UsageLines.Free : UsageLines.OfRequest(endpoint, facts)], isError: false, isCut: true);
    }

    private void Observe(ReadOnlySpan<byte> bytes)
    {
        if (_meter is null || _isBlind || _isUnlooked)
        {
            return;
        }

        try
        {
            if (_decoder is null)
            {
                _meter.Observe(bytes);
            }
            else if (!_decoder.Feed(bytes, _meter))
            {
                // The rest passes unlooked. Of an answer that can't be read at all nobody knows anything.
                _isUnlooked = _decoder.Decoded > 0;
                _isBlind = !_isUnlooked;
            }

            var output = _meter.OutputEstimate;
            if (_firstToken < 0 && output > 0)
            {
                _firstToken = Elapsed();
            }

            if (_firstWord < 0 && output > _meter.ThoughtEstimate)
            {
                _firstWord = Elapsed();
            }

            if (output - _noted >= ProgressStep)
            {
                _noted = output;
                meters.Journal.Progress(_open, output);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            GiveUp(e);
        }
    }

    // The body of a large request passes on another thread than the answer's head.
    private void Begin()
    {
        if (Volatile.Read(ref _begin) == 2)
        {
            return;
        }

        if (Interlocked.CompareExchange(ref _begin, 1, 0) == 0)
        {
            _id = CallId.Next(_started);
            // What a killed gateway leaves becomes rows, too.
            var proof = NameProof.Unanswered;
            var owner = OwnerOf(ref proof);
            var model = UsageLines.Cut(facts.Model);
            _open = meters.Journal.Begin(new CallStart(
                _id, _started, owner, endpoint.Name, proof == NameProof.None ? meters.Names.Name(owner, model, proof) : model, meters.Region,
                endpoint.Kind is MeterKind.Free ? 0 : facts.InputEstimate,
                IsFree: endpoint.Kind is MeterKind.Free || facts.IsRead || (endpoint.Kind is MeterKind.Response && facts.Background)));
            Volatile.Write(ref _begin, 2);
            return;
        }

        SpinWait.SpinUntil(() => Volatile.Read(ref _begin) == 2);
    }

    private void End(bool isWhole)
    {
        try
        {
            _meter?.Times = new AnswerTimes(_firstWord, Elapsed());
            if (_isBlind)
            {
                EndWith([UsageLines.OfUnread(facts, _status)], _status >= 400, !isWhole);
            }
            else if (_meter is null)
            {
                EndWith([UsageLines.OfStatus(endpoint.Kind, facts, _status)], _status >= 400, !isWhole);
            }
            else if (_isUnlooked)
            {
                var usage = _meter.Finish(isWhole: false);
                var isGood = _status < 300 && !usage.IsError;
                EndWith(isGood ? UsageLines.OfBeginning(usage.Lines, endpoint, facts) : usage.Lines, usage.IsError, !isWhole);
            }
            else
            {
                var usage = _meter.Finish(isWhole);
                EndWith(usage.Lines, usage.IsError, usage.IsCut);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            GiveUp(e);
            EndWith([UsageLines.OfUnread(facts, _status)], _status >= 400, !isWhole);
        }
    }

    private void EndWith(IReadOnlyList<UsageLine> lines, bool isError, bool isCut)
    {
        // A drain and the forwarder may both come to the end.
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            return;
        }

        Begin();
        _isOver = true;
        isCut |= _isHandedOver;
        // Whoever makes keys and models up must not fill the ledger with them.
        var proof = ProofOf(lines, isError, isCut);
        var owner = OwnerOf(ref proof);
        var model = UsageLines.Cut(facts.Model);
        // Where nothing is made, upstream doesn't look at the model.
        var asked = facts.IsRead || endpoint.Kind is MeterKind.Free ? NameProof.None : proof;
        _decoder?.Dispose();
        var record = new UsageRecord
        {
            Id = _id,
            Started = _started,
            Key = owner,
            Endpoint = endpoint.Name,
            RequestedModel = IsOwnKey && _status == StatusCodes.Status401Unauthorized ? "" : meters.Names.Name(owner, model, asked),
            Region = meters.Region,
            Status = _status,
            IsError = isError,
            IsCut = isCut,
            Duration = Elapsed(),
            FirstToken = FirstToken(isError, isCut),
            Lines = UsageLines.WithCall(meters.Names.Lines(owner, lines, proof), isError, isCut, Owner),
        };
        meters.Journal.End(_open, record);
        meters.Telemetry.Record(endpoint, record, model, _span);
        _span?.Dispose();
        _meter = null;
        _decoder = null;
    }

    // A session is answered by what comes in it: servers open it before they look at the model.
    private NameProof ProofOf(IReadOnlyList<UsageLine> lines, bool isError, bool isCut)
    {
        var isUsed = lines[0].Unit != UsageUnit.Free;
        return _status switch
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

        var owner = meters.Names.OwnKey(key, proof == NameProof.Answered && endpoint.Kind != MeterKind.Free);
        // Of a stranger nothing is believed.
        proof = proof == NameProof.Unanswered && owner != key ? NameProof.None : proof;
        return owner;
    }

    // An error has no token, nor has what is free, nor a stream that was cut while it was thinking.
    private int FirstToken(bool isError, bool isCut)
        => _firstToken >= 0 ? _firstToken : isError || isCut || endpoint.Kind is MeterKind.Free or MeterKind.Batch or MeterKind.Container ? -1 : _firstByte;

    private int Elapsed() => (int)Math.Min(Stopwatch.GetElapsedTime(_startedTicks).TotalMilliseconds, int.MaxValue);
}
