using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Forwarding.Timing;
using OpenAIProxy.Gateway.Paths;
using Yarp.ReverseProxy.Forwarder;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Sends a request to the upstream and its answer back. The entry point of this folder.</summary>
internal sealed class UpstreamForwarder(
    Upstream upstream, IHttpForwarder forwarder, UpstreamFailures failures, PhaseTimers timers, BodyMemory memory, CallObservers observers,
    OverheadTelemetry telemetry)
{
    // A request with a body, and what its CallObserver is told on the way:
    //
    //      client                        gateway                          upstream
    //        |--(1) head------------------->|  Start, Refusal                 |
    //        |--(2) first bytes of body---->|  ObserveBody, Observe           |   held until it is whole, if HoldsBody
    //        |                              |  Decide                         |   an Insertion, or nothing
    //        |                              |  AdmitAsync, Refused            |   may wait
    //        |                              |--(3) head---------------------->|   Sent, SendingHead
    //        |--(4) rest of body----------->|--(5) body---------------------->|   Observe, Judge, Passed
    //        |                              |                                 |   sent again if it was not processed, or without
    //        |                              |                                 |   the Insertion: InsertionTakenOut, InsertionRefused
    //        |<-(7) head--------------------|<-(6) head-----------------------|   Answered, or Failed
    //        |<-(9) body--------------------|<-(8) body-----------------------|   through Tap; behind a 101 TapSocket, JudgeMessages
    //        |                              |  Closed                         |
    //
    // (4) and (5) go on during (6) to (9) where the upstream answers early. PhaseTimer limits silence in (2) to (5) and in (8), and the
    // wait from the last byte of (5) to (6). If the client leaves, all of it is cancelled; an observer may go on with (6) and (8) by itself.
    /// <summary>Forwards. Every failure becomes OpenAI's error object, or, once the answer has begun, a broken connection.</summary>
    public async Task ForwardAsync(HttpContext context, Caller caller, RequestPath path)
    {
        var call = CallObserver.None;
        PhaseTimer? timer = null;
        RequestBody? body = null;
        Activity? span = null;
        OutgoingRequest? outgoing = null;
        var isSent = false;
        var overhead = telemetry.Start();
        try
        {
            var isUpgrade = WebSockets.IsOpening(context);
            WebSockets.SetUpgrade(context.Request.Headers, isUpgrade);
            var begun = observers.Start(context, caller, path, isUpgrade);
            if (begun.Refusal is { } refusal)
            {
                await refusal.WriteAsync(context);
                return;
            }

            call = begun;
            timer = timers.Start(context, isUpgrade);
            body = OpenBody(context, call, timer, isUpgrade);
            if (body is not null)
            {
                // It waits for the client.
                overhead.Pause();
                if (!await PrepareAsync(context, call, body, timer))
                {
                    return;
                }

                overhead.Resume();
            }

            if (await call.AdmitAsync(context) is { } denied)
            {
                call.Refused();
                await denied.WriteAsync(context);
                return;
            }

            span = UpstreamSpan.Start(context.Request, upstream.Address);
            outgoing = isUpgrade ? null : new OutgoingRequest(upstream, body);
            isSent = true;
            call.Sent(span);

            var error = await forwarder.SendAsync(
                context,
                upstream.BaseUrl,
                outgoing ?? upstream.Client,
                isUpgrade ? upstream.Upgrades : upstream.Requests,
                new Exchange(upstream, caller, path, timer, call, span, outgoing, overhead, memory),
                timer.Token);
            if (body?.Refusal is { } late && !context.Response.HasStarted)
            {
                UpstreamSpan.Failed(span, late.Code);
                call.Refused();
                call.Failed(late.Status, wasHeard: false);
                await late.WriteAsync(context);
            }
            else if (error == ForwarderError.None)
            {
                failures.Answered(context.Response.StatusCode, caller);
            }
            else
            {
                UpstreamSpan.Failed(span, error.ToString());
                await failures.WriteAsync(context, error, timer, call);
            }
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            if (!isSent)
            {
                call.Failed(StatusCodes.Status500InternalServerError, wasHeard: false);
            }

            await failures.WriteAsync(context, e);
        }
        finally
        {
            body?.End();
            call.Closed(span);
            outgoing?.Dispose();
            if (timer is not null)
            {
                await timer.DisposeAsync();
            }
        }
    }

    private RequestBody? OpenBody(HttpContext context, CallObserver call, PhaseTimer timer, bool isUpgrade)
    {
        if (isUpgrade || context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return null;
        }

        var request = context.Request;
        var body = new RequestBody(request.Body, request.ContentLength, memory, call.ObserveBody(request), timer);
        request.Body = body;
        return body;
    }

    // Before anything goes upstream: what is never sent costs nobody anything. False if that was all.
    private async ValueTask<bool> PrepareAsync(HttpContext context, CallObserver call, RequestBody body, PhaseTimer timer)
    {
        var headers = context.Request.Headers;
        try
        {
            await body.PrepareAsync(headers.Expect.Count > 0, timer.Token);
            if (body.IsHeld)
            {
                headers.Expect = default;
            }

            if (body.HasInsertion && headers.ContentLength is not null)
            {
                headers.ContentLength = body.KeptLength;
            }

            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            if (headers.ContentLength is not null && e is IOException and not BadHttpRequestException { StatusCode: not StatusCodes.Status400BadRequest })
            {
                // The client left in the middle of its body. Kestrel would look for the rest of it after an answer, and log that as a failure of ours.
                context.Abort();
            }

            context.Response.StatusCode = e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status400BadRequest;
            await failures.WriteAsync(context, ForwarderError.RequestBodyClient, timer, call);
            return false;
        }
    }
}
