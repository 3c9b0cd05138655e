using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Tells the opening of a WebSocket from a request that offers another protocol, such as the <c>Upgrade: h2c</c> of Java's client.</summary>
internal static class WebSockets
{
    private const string Protocol = "websocket";

    /// <summary>True if the request opens a WebSocket, over HTTP/1.1 (RFC 6455) or over HTTP/2 (RFC 8441).</summary>
    public static bool IsOpening(HttpContext context)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            return HttpMethods.IsGet(context.Request.Method) && IsOffered(context.Request.Headers.Upgrade);
        }

        return context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: var protocol }
            && Protocol.Equals(protocol, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Leaves the forwarder no other opinion than <paramref name="isOpening"/>: it compares the header with one word, and a list holds more. A
    /// protocol that is not taken up is this hop's, and goes no further.
    /// </summary>
    public static void SetUpgrade(IHeaderDictionary headers, bool isOpening)
    {
        if (headers.Upgrade is { Count: > 0 } offered && !(isOpening && Protocol.Equals(offered, StringComparison.OrdinalIgnoreCase)))
        {
            headers.Upgrade = isOpening ? Protocol : StringValues.Empty;
        }
    }

    /// <summary>
    /// Offers the upstream no compression of messages: those that are metered or judged must be read. It is agreed upon hop by hop anyway (RFC 7692).
    /// </summary>
    public static void OfferNoCompression(IHeaderDictionary headers) => headers.Remove("Sec-WebSocket-Extensions");

    // Upgrade: h2c, websocket
    private static bool IsOffered(StringValues lines)
    {
        foreach (var line in lines)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                if (line.AsSpan()[range].Trim().Equals(Protocol, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
