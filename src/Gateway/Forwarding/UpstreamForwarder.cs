using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Metering;
using OpenAIProxy.Gateway.Paths;
using Yarp.ReverseProxy.Forwarder;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Sends a request to the upstream and its answer back. The face of this room.</summary>
internal sealed class UpstreamForwarder(
    Upstream upstream, IHttpForwarder forwarder, UpstreamFailures failures, PhaseTimers timers, CallMeters? meters = null)
{
    /// <summary>Forwards. Every failure becomes OpenAI's error object, or, once the answer has begun, a broken connection.</summary>
    public async Task ForwardAsync(HttpContext context, Caller caller, RequestPath path)
    {
        var isUpgrade = WebSockets.IsOpening(context);
        WebSockets.SetUpgrade(context.Request.Headers, isUpgrade);
        var call = meters?.Start(context, caller, isUpgrade, path);
        if (call is not null)
        {
            if (meters!.Refuses(call))
            {
                await CallMeters.RefuseAsync(context);
                return;
            }

            // Before there is a timer: it shall see the body that is sent, while it is sent.
            await meters.PrepareAsync(context, call);
        }

        var span = UpstreamSpan.Start(context.Request, upstream.Address);
        call?.Span = span;
        await using var timer = timers.Start(context, isUpgrade);
        try
        {
            call?.RequestIsSent();

            var error = await forwarder.SendAsync(
                context,
                upstream.BaseUrl,
                upstream.Client,
                isUpgrade ? upstream.Upgrades : upstream.Requests,
                new Exchange(upstream, caller, path, timer, call, span),
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
            await failures.WriteAsync(context, e);
        }
        finally
        {
            if (call is null)
            {
                span?.Dispose();
            }
            else
            {
                // Ends the span, too: now, or when a drain is over.
                call.Close();
            }
        }
    }
}
