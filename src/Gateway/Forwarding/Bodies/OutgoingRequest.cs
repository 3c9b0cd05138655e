using System.Security.Authentication;

namespace OpenAIProxy.Gateway.Forwarding.Bodies;

/// <summary>Sends one request to the upstream, and again if it provably was not worked on.</summary>
/// <param name="upstream">The upstream.</param>
/// <param name="body">The request's body; null if it has none.</param>
internal sealed class OutgoingRequest(Upstream upstream, RequestBody? body) : HttpMessageInvoker(upstream.Handler, disposeHandler: false)
{
    private OutgoingContent? _content;

    /// <summary>The content that takes the place of the forwarder's; null without a body.</summary>
    public OutgoingContent? Replace(HttpContent? forwarders)
        => _content = body is null || forwarders is null ? null : new OutgoingContent(body, forwarders);

    public override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Content = _content ?? request.Content;
        var answer = await SendSafelyAsync(request, cancellationToken);
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

        try
        {
            return await upstream.Fresh.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is HttpProtocolException && NeverProcessed(e))
        {
            throw new NotProcessedException(e);
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
