using System.Net;
using System.Security.Authentication;
using Microsoft.Extensions.Primitives;
using OpenAIProxy.Gateway.Forwarding.Bodies;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// Sends one request to the upstream: again, if it provably was not worked on; and again without what the gateway put in, if that is why
/// it is refused.
/// </summary>
/// <param name="upstream">The upstream.</param>
/// <param name="body">The request's body; null if it has none.</param>
internal sealed class OutgoingRequest(Upstream upstream, RequestBody? body) : HttpMessageInvoker(upstream.Handler, disposeHandler: false)
{
    private OutgoingContent? _content;

    /// <summary>What the client accepts, where the gateway accepts something else because of what it put in.</summary>
    public StringValues AcceptEncoding { get; set; }

    /// <summary>True if the gateway put something into the body, and the request can be sent without.</summary>
    public bool HasInsertion => body is { HasInsertion: true };

    /// <summary>The content that takes the place of the forwarder's; null without a body.</summary>
    public OutgoingContent? Replace(HttpContent? forwarders)
        => _content = body is null || forwarders is null ? null : new OutgoingContent(body, forwarders);

    public override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Content = _content ?? request.Content;
        var answer = await SendSafelyAsync(request, cancellationToken);
        if (body is { HasInsertion: true } && answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
        {
            answer.Dispose();
            TakeInsertionOut(request);
            answer = await SendSafelyAsync(request, cancellationToken);
            if (answer.IsSuccessStatusCode)
            {
                body.InsertionRefused();
            }
        }

        _content?.IsAnswered();
        return answer;
    }

    // Which of the connections of the pool are good, only the upstream knows: the last try has one of its own.
    private async Task<HttpResponseMessage> SendSafelyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _content?.SendToken = cancellationToken;
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (NeverProcessed(e) && !cancellationToken.IsCancellationRequested)
        {
            if (e is NotProcessedException)
            {
                throw;
            }
        }

        // A drain sends with a token of its own, and has set that.
        _content?.SendToken = cancellationToken;
        try
        {
            return await upstream.Fresh.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is HttpProtocolException && NeverProcessed(e))
        {
            throw new NotProcessedException(e);
        }
    }

    private void TakeInsertionOut(HttpRequestMessage request)
    {
        body!.TakeInsertionOut();
        _content!.StartOver();
        if (_content.Headers.ContentLength is not null)
        {
            _content.Headers.ContentLength = body.KeptLength;
        }

        request.Headers.Remove("Accept-Encoding");
        if (AcceptEncoding.Count > 0)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", (IEnumerable<string?>)AcceptEncoding);
        }
    }

    // Without a connection no request. A certificate that isn't trusted is none the next time. SocketsHttpHandler says of a refused stream,
    // after its own tries, in other words than the protocol error inside that the request was aborted; of any other end in the same:
    // https://github.com/dotnet/runtime/blob/v10.0.0/src/libraries/System.Net.Http/src/System/Net/Http/SocketsHttpHandler/Http2Connection.cs
    private static bool NeverProcessed(HttpRequestException e) => e switch
    {
        NotProcessedException => true,
        // A proxy that answers means what it says.
        { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError } => e.StatusCode is null,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => e.InnerException is not AuthenticationException,
        { InnerException: HttpProtocolException inner } => e.Message != inner.Message,
        _ => false,
    };
}
