using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Metering;
using OpenAIProxy.Gateway.Paths;
using Yarp.ReverseProxy.Forwarder;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Sends a request to the upstream and its answer back. The face of this room.</summary>
internal sealed class UpstreamForwarder(
    Upstream upstream, IHttpForwarder forwarder, UpstreamFailures failures, PhaseTimers timers, BodyMemory memory, CallMeters? meters = null)
{
    /// <summary>Forwards. Every failure becomes OpenAI's error object, or, once the answer has begun, a broken connection.</summary>
    public async Task ForwardAsync(HttpContext context, Caller caller, RequestPath path)
    {
        MeteredCall? call = null;
        PhaseTimer? timer = null;
        RequestBody? body = null;
        Activity? span = null;
        OutgoingRequest? outgoing = null;
        var isSent = false;
        try
        {
            var isUpgrade = WebSockets.IsOpening(context);
            WebSockets.SetUpgrade(context.Request.Headers, isUpgrade);
            var begun = meters?.Start(context, caller, isUpgrade, path);
            if (begun is not null && meters!.Refuses(begun))
            {
                await CallMeters.RefuseAsync(context);
                return;
            }

            call = begun;
            timer = timers.Start(context, isUpgrade);
            body = OpenBody(context, call, timer, isUpgrade);
            if (body is null)
            {
                call?.RequestIsRead();
            }
            else if (!await PrepareAsync(context, call, body, timer))
            {
                return;
            }

            span = UpstreamSpan.Start(context.Request, upstream.Address);
            call?.Span = span;
            outgoing = isUpgrade ? null : new OutgoingRequest(upstream, body, meters?.Support) { Path = context.Request.Path };
            isSent = true;
            call?.RequestIsSent();

            var error = await forwarder.SendAsync(
                context,
                upstream.BaseUrl,
                outgoing ?? upstream.Client,
                isUpgrade ? upstream.Upgrades : upstream.Requests,
                new Exchange(upstream, caller, path, timer, call, span, outgoing),
                timer.Token);
            if (error == ForwarderError.None)
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
                call?.Refused(StatusCodes.Status500InternalServerError, wasHeard: false);
            }

            await failures.WriteAsync(context, e);
        }
        finally
        {
            body?.End();
            if (call is null)
            {
                span?.Dispose();
            }
            else
            {
                // Ends the span, too: now, or when a drain is over.
                call.Close();
            }

            outgoing?.Dispose();
            if (timer is not null)
            {
                await timer.DisposeAsync();
            }
        }
    }

    private RequestBody? OpenBody(HttpContext context, MeteredCall? call, PhaseTimer timer, bool isUpgrade)
    {
        if (isUpgrade || context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return null;
        }

        var request = context.Request;
        var body = new RequestBody(request.Body, request.ContentLength, memory, call is null ? null : meters!.Read(request, call), timer);
        request.Body = body;
        return body;
    }

    // Before anything goes upstream: what is never sent costs nobody anything. False if that was all.
    private async ValueTask<bool> PrepareAsync(HttpContext context, MeteredCall? call, RequestBody body, PhaseTimer timer)
    {
        var headers = context.Request.Headers;
        var holds = call is { Endpoint.ReadsRequest: true };
        try
        {
            await body.PrepareAsync(headers.Expect.Count > 0, holds, timer.Token);
            if (holds)
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
