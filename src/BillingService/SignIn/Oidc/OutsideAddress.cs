using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>
/// Gives a request the address by which the browser called the gateway: the provider sends it back there. Who lies about it here gets their own
/// browser lost, at an address that the provider must know.
/// </summary>
internal static class OutsideAddress
{
    public static void Apply(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers[InternalHeaders.Scheme] is [("http" or "https") and { } scheme])
        {
            request.Scheme = scheme;
        }

        if (headers[InternalHeaders.Host] is [{ Length: > 0 } host])
        {
            request.Host = new HostString(host);
        }

        if (headers[InternalHeaders.Prefix] is [['/', ..] prefix])
        {
            request.PathBase = new PathString(prefix.TrimEnd('/'));
        }
    }
}
