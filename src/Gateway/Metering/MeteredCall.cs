using System.Diagnostics;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Metering.Decoding;
using OpenAIProxy.Gateway.Metering.Draining;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>One call, from its head to its record: what each of its steps says of what it used. Nothing here throws.</summary>
internal sealed class MeteredCall(CallMeters meters, EndpointRow endpoint, RequestFacts facts, string key)
    : JournaledCall(meters, endpoint, facts, key), IDrainable
{
    private RequestReading? _request;
    private AnswerWatch? _answer;
    private SocketTap? _socket;

    /// <summary>Fires when the client leaves. Set only where that matters.</summary>
    public CancellationToken ClientLeft { get; init; }

    /// <summary>True if what it used can't be known any more.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>True if the answer's body says what was used.</summary>
    public bool LooksAtAnswer => !Endpoint.IsSocket && Endpoint.IsMetered;

    /// <summary>True if the answer is to be read on when the client leaves.</summary>
    public bool IsWorthDraining => Meters.IsDraining && Endpoint.ReadsRequest;

    /// <summary>True if the client has left, and the upstream has all it needs without it.</summary>
    public bool IsLeftAlone => ClientLeft.IsCancellationRequested && _request is null or { IsRead: true };

    public override Refusal? Refusal => Meters.RefusalOf(Endpoint);

    // What the request says is known only when its body has come, or has passed.
    private bool IsRequestUnderWay => _request is { IsUnderWay: true };

    public override BodyObserver ObserveBody(HttpRequest request) => _request = RequestReading.Of(request, this);

    public override void Sent(Activity? span)
    {
        Span = span;
        if (!IsRequestUnderWay)
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

    public override void Answered(HttpResponseMessage answer, HttpResponse response) => TakeHead(answer, response);

    /// <summary>The answer's head is there, and nobody waits for it.</summary>
    public void AnsweredNobody(HttpResponseMessage answer)
    {
        TakeHead(answer, null);
        UpstreamSpan.Answered(Span, Status);
    }

    public override Stream Tap(Stream upstream)
    {
        var body = _answer!.Decode(upstream);
        var lasting = IsWorthDraining && _answer.IsMetered ? new DrainableStream(body, this, Meters.Drains, ClientLeft) : body;
        return new TapStream(lasting, this, _answer.CreateFilter());
    }

    public override Stream TapSocket(Stream upstream)
    {
        _socket = Endpoint.IsSocket ? SocketTap.Of(this, upstream) : null;
        return _socket ?? upstream;
    }

    /// <summary>The next bytes of the answer, before they go on to the client; none at its end.</summary>
    public void Passed(ReadOnlySpan<byte> bytes)
    {
        if (!IsOver && (bytes.IsEmpty || _answer!.Observe(bytes)))
        {
            EndAnswer(isWhole: true);
        }
    }

    // What was asked, and heard, may have been worked on, and is cut off.
    public override void Failed(int status, bool wasHeard)
    {
        Status = status;
        var isLost = wasHeard && !IsRequestUnderWay;
        End([isLost ? UsageLines.OfRequest(Endpoint, Facts) : UsageLines.Free], isError: true, isCut: isLost);
    }

    // If a drain goes on with it, the drain closes it.
    public override void Closed(Activity? span)
    {
        if (!IsDrained)
        {
            Close();
        }
    }

    /// <summary>It is over. Nothing happens if it was before.</summary>
    public void Close()
    {
        if (IsOver)
        {
            return;
        }

        switch (Status)
        {
            case 0:
                // The client left before there was an answer. What was asked is being worked on, unless it has not got there.
                End([IsRequestUnderWay ? UsageLines.Free : UsageLines.OfRequest(Endpoint, Facts)], isError: false, isCut: true);
                break;
            case StatusCodes.Status101SwitchingProtocols:
                EndSocket();
                break;
            default:
                EndAnswer(isWhole: false);
                break;
        }
    }

    /// <summary>Metering failed: the call goes on, and is recorded as one of which nobody knows what it used.</summary>
    public void GiveUp(Exception exception)
    {
        MarkUnreadable();
        Meters.Failed(exception);
    }

    /// <summary>The answer, or the session, can't be read.</summary>
    public void MarkUnreadable() => IsUnreadable = true;

    protected override int FirstToken(bool isError, bool isCut) => _answer?.FirstToken(isError, isCut) ?? -1;

    protected override void Release() => _answer?.Release();

    private void TakeHead(HttpResponseMessage answer, HttpResponse? response)
    {
        Begin();
        Status = (int)answer.StatusCode;
        _answer = AnswerWatch.Of(this, answer, response);
    }

    private void EndAnswer(bool isWhole)
    {
        if (!IsUnreadable && _answer?.Finish(isWhole) is { } usage)
        {
            End(usage.Lines, usage.IsError, usage.IsCut);
            return;
        }

        End([IsUnreadable ? UsageLines.OfUnread(Facts, Status) : UsageLines.OfStatus(Endpoint.Kind, Facts, Status)], Status >= 400, !isWhole);
    }

    // Finished even if nothing is to be seen any more: it tells of the responses that were under way.
    private void EndSocket()
    {
        var usage = _socket?.Finish();
        var lines = IsUnreadable ? [UsageLines.Unmetered(Facts)] : usage?.Lines ?? [UsageLines.OfStatus(Endpoint.Kind, Facts, Status)];
        End(lines, usage is { IsError: true }, usage is { IsCut: true });
    }
}
