using System.Net;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using Yarp.ReverseProxy.Forwarder;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>One request on its way to the billing service and back: who asks, and nothing that could say otherwise.</summary>
/// <param name="billing">The billing service.</param>
/// <param name="access">Who may call.</param>
/// <param name="asking">Who asks; null for a request for the usage page, by a browser, whose cookie alone says who asks.</param>
/// <param name="isKnown">True if the billing service is told who that is when it is not to be seen from the key.</param>
internal sealed class BillingExchange(BillingServiceSettings billing, AccessSettings access, Caller? asking, bool isKnown) : HttpTransformer
{
    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var request = httpContext.Request;
        var headers = request.Headers;
        var (cookie, origin, host) = (headers.Cookie, headers.Origin, request.Host.Value);
        // Before X-Forwarded-For is gone.
        var client = ClientAddress.Find(httpContext, access.TrustedProxies);
        var isSecure = request.IsHttps || headers["X-Forwarded-Proto"] is ["https"];
        RequestHeaders.Clean(headers, usesOperatorKey: asking is not { UsesOperatorKey: false });
        headers.Remove(RequestCredential.ApiKeyHeader);
        headers.Remove(RequestCredential.XApiKeyHeader);
        headers.Remove("Host");
        Tell(headers, InternalHeaders.Token, billing.Token);
        Tell(headers, InternalHeaders.Client, Mark(client));
        if (asking is { } caller)
        {
            SetCaller(headers, caller);
        }

        if (IsPage || IsAdmin)
        {
            // Who has signed in on the page may ask the admin API from there; the rest of what a browser says tells whether it is from there.
            headers.Cookie = cookie;
            headers.Origin = origin;
            Tell(headers, InternalHeaders.Host, host);
        }

        if (IsPage)
        {
            headers.Remove("Authorization");
            Tell(headers, InternalHeaders.Prefix, request.PathBase.Value);
            Tell(headers, InternalHeaders.Scheme, isSecure ? "https" : "http");
        }

        if (!access.AllowCallerKeys && asking is not { UsesOperatorKey: true })
        {
            headers[InternalHeaders.AdminOnly] = "true";
        }

        // The path was read once, and is plain: nobody reads it in another way.
        var query = QueryKey.Remove(request.QueryString.Value, keepsFirst: false);
        proxyRequest.RequestUri = new Uri($"{destinationPrefix}{request.Path.Value}{query}", RequestTarget.AsItIs);
        return base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
    }

    /// <summary>What the caller may still do and spend.</summary>
    public Allowance Allowance { get; init; }

    /// <summary>True for a request by the usage page's browser.</summary>
    public bool IsPage => asking is null;

    /// <summary>True for a request to the admin API, whose caller shows the billing service who they are.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>True if the billing service believes by the gateway's token alone who asks: it answers only a gateway that it knows.</summary>
    public bool IsTrusted { get; private set; }

    /// <summary>True if the billing service doesn't know this gateway; nothing of its answer is passed on then.</summary>
    public bool IsRefused { get; private set; }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null && proxyResponse.Headers.Contains(InternalHeaders.Refuses))
        {
            IsRefused = true;
            return false;
        }

        var goesOn = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (asking is not null)
        {
            httpContext.Response.Headers.Remove("Set-Cookie");
        }

        return goesOn;
    }

    private void SetCaller(IHeaderDictionary headers, Caller caller)
    {
        if (isKnown)
        {
            headers[InternalHeaders.KeyId] = caller.KeyId;
            Tell(headers, InternalHeaders.Budgets, Allowance.Budgets);
            Tell(headers, InternalHeaders.Limits, Allowance.Limits);
        }

        if (caller.IsGuest)
        {
            // The operator's account is nothing to them: the key stays here, so that nobody can ask with it.
            headers.Remove("Authorization");
        }
        else if (caller.Key is not null)
        {
            headers.Authorization = "Bearer " + caller.Key;
        }

        IsTrusted = isKnown && headers.Authorization.Count == 0;
    }

    private string? Mark(IPAddress? client)
        => client is not null && billing.Token is { } secret ? ClientMark.Of(client, secret) : null;

    private static void Tell(IHeaderDictionary headers, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            headers[name] = value;
        }
    }
}
