using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Forwarding.Timing;
using OpenAIProxy.Gateway.Paths;
using Yarp.ReverseProxy.Forwarder;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>One request on its way to the upstream and back: what is changed of it in either direction.</summary>
internal sealed class Exchange(
    Upstream upstream, Caller caller, RequestPath path, PhaseTimer timer, CallObserver call, Activity? span, OutgoingRequest? outgoing,
    OverheadTimer overhead, BodyMemory memory) : HttpTransformer
{
    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var headers = httpContext.Request.Headers;
        RequestHeaders.Clean(headers, caller.UsesOperatorKey);
        Subprotocols.Clean(headers, caller.UsesOperatorKey);
        SetCredential(headers);
        // The upstream's own name; what the client called us stays here.
        headers.Remove("Host");
        if (upstream.PropagatesTrace && Activity.Current is { Id: { } id, TraceStateString: var state })
        {
            headers.TraceParent = id;
            headers.TraceState = state;
        }

        call.SendingHead(headers, proxyRequest);
        if (outgoing is { HasInsertion: true })
        {
            // What comes back for it must be found in the answer and taken out.
            outgoing.AcceptEncoding = headers.AcceptEncoding;
            headers.AcceptEncoding = "identity";
        }

        proxyRequest.RequestUri = RequestTarget.ToUri(
            upstream.BaseUrl, QueryKey.Remove(path.Target, keepsFirst: CredentialPlace == KeyPlace.Query));
        var forwarders = proxyRequest.Content;
        if (outgoing?.Replace(forwarders) is not { } content)
        {
            var done = base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            overhead.Pause();
            return done;
        }

        // The headers belong to the content that is sent; the forwarder wants its own back.
        proxyRequest.Content = content;
        var copied = base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Content = forwarders;
        overhead.Pause();
        return copied;
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return ValueTask.FromResult(false);
        }

        overhead.Resume();
        if (ResponseSocketFallback.IsNeeded(httpContext, path, proxyResponse))
        {
            UpstreamSpan.Answered(span, (int)proxyResponse.StatusCode);
            call.Answered(proxyResponse, httpContext.Response);
            return ResponseSocketFallback.AnswerAsync(httpContext);
        }

        ResponseHeaders.Copy(proxyResponse, httpContext.Response, hidesAccount: caller is { UsesOperatorKey: true, IsGuest: true });
        UpstreamSpan.Answered(span, (int)proxyResponse.StatusCode);
        call.Answered(proxyResponse, httpContext.Response);
        timer.Enter(Phase.Streaming);
        if (proxyResponse.StatusCode != System.Net.HttpStatusCode.SwitchingProtocols)
        {
            KeepAlive? keepAlive = null;
            if (IsEventStream(httpContext.Response.ContentType))
            {
                keepAlive = TakesComments(httpContext) ? timer.StartKeepAlive(httpContext.Response) : null;
                // Asks nginx and its like, where one stands in front of us, not to collect the events.
                httpContext.Response.Headers["X-Accel-Buffering"] = "no";
                // A stream stays open for minutes, and thousands of them at a time. Both heads on this side have done their work.
                proxyResponse.Headers.Clear();
                proxyResponse.RequestMessage?.Headers.Clear();
            }

            proxyResponse.Content = new AnswerContent(proxyResponse.Content, httpContext.Response, timer, keepAlive, call);
        }
        else
        {
            proxyResponse.Content = new SocketContent(proxyResponse.Content, timer, call, memory);
        }

        overhead.Record();
        return ValueTask.FromResult(true);
    }

    public override ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        if (httpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } trailers)
        {
            ResponseHeaders.CopyTrailers(proxyResponse.TrailingHeaders, trailers);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>True for the media type of an event stream.</summary>
    public static bool IsEventStream(string? contentType)
        => contentType is not null && contentType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    // A key of the caller's own leaves where it came; the operator's where the upstream wants it.
    private KeyPlace CredentialPlace => caller.UsesOperatorKey || caller.Place is KeyPlace.Subprotocol ? upstream.KeyPlace : caller.Place;

    // Within a compressed stream, or behind a length, there is no place for a comment.
    private static bool TakesComments(HttpContext context)
        => context.Response.Headers.ContentEncoding.Count == 0 && context.Response.ContentLength is null && !HttpMethods.IsHead(context.Request.Method);

    // One credential travels, the one that was checked; what else may be one is dropped, a password for somebody in between as well.
    private void SetCredential(IHeaderDictionary headers)
    {
        headers.Remove(RequestCredential.ApiKeyHeader);
        headers.Remove(RequestCredential.XApiKeyHeader);
        if (caller.Key is null)
        {
            return;
        }

        headers.Authorization = default;
        switch (CredentialPlace)
        {
            case KeyPlace.ApiKeyHeader:
                headers[RequestCredential.ApiKeyHeader] = caller.Key;
                break;
            case KeyPlace.XApiKeyHeader:
                headers[RequestCredential.XApiKeyHeader] = caller.Key;
                break;
            case KeyPlace.Query:
                break;
            case KeyPlace.Authorization or KeyPlace.Subprotocol:
            default:
                headers.Authorization = "Bearer " + caller.Key;
                break;
        }
    }
}
