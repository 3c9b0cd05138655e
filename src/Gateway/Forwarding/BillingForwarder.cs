using System.Net;
using System.Text;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.ServiceDefaults.Errors;
using Yarp.ReverseProxy.Forwarder;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Sends billing queries to the billing service, with the caller's credential and, unlike to the upstream, with the trace.</summary>
internal sealed class BillingForwarder : IDisposable
{
    private static readonly PathString[] Paths = ["/dashboard/billing", "/v1/dashboard/billing", "/billing", "/v1/billing"];

    private readonly IHttpForwarder _forwarder;
    private readonly string? _address;
    private readonly HttpMessageInvoker? _client;

    // Five years are 23 calls to OpenAI, four at a time, each with a limit of its own there (Billing:Timeout, at most 10 minutes).
    private readonly ForwarderRequestConfig _config = new() { ActivityTimeout = TimeSpan.FromHours(1), Version = HttpVersion.Version11 };

    public BillingForwarder(IHttpForwarder forwarder, GatewaySettings settings)
    {
        _forwarder = forwarder;
        _address = settings.Billing?.ToString();
        _client = _address is null ? null : new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        });
    }

    /// <summary>True if the path asks about an account.</summary>
    public static bool IsBilling(PathString path)
    {
        // Nearly every request goes to /v1/chat/… or /v1/responses; one look at a letter settles it.
        if (path.Value is not { Length: >= 8 } text || !(text[1] is 'b' or 'd' or 'B' or 'D' || text[4] is 'b' or 'd' or 'B' or 'D'))
        {
            return false;
        }

        foreach (var own in Paths)
        {
            if (path.StartsWithSegments(own, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// True if the billing service answers this billing path. Without that service, OpenAI's own paths go upstream like all others; the
    /// seed's <c>/billing</c> is nothing that an upstream knows.
    /// </summary>
    public bool Answers(PathString path)
        => _address is not null || !path.Value!.Contains("dashboard", StringComparison.OrdinalIgnoreCase);

    public async Task ForwardAsync(HttpContext context, Caller caller)
    {
        if (_client is null)
        {
            await OpenAIError.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "billing_not_configured",
                "This gateway runs without its billing service. Its operator can start both with the AppHost or compose.yaml.");
            return;
        }

        var error = await _forwarder.SendAsync(context, _address!, _client, _config, new BillingExchange(caller));
        if (error == ForwarderError.None || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        await (error == ForwarderError.RequestTimedOut
            ? OpenAIError.WriteAsync(context, StatusCodes.Status504GatewayTimeout, "billing_timeout", "The billing service did not answer in time.")
            : OpenAIError.WriteAsync(context, StatusCodes.Status502BadGateway, "billing_unreachable", "The billing service can't be reached."));
    }

    public void Dispose() => _client?.Dispose();

    private sealed class BillingExchange(Caller caller) : HttpTransformer
    {
        public override ValueTask TransformRequestAsync(
            HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            var headers = httpContext.Request.Headers;
            RequestHeaders.Clean(headers, caller.UsesOperatorKey);
            headers.Remove(RequestCredential.ApiKeyHeader);
            headers.Remove("Host");
            if (caller.Key is not null)
            {
                headers.Authorization = "Bearer " + caller.Key;
            }

            return base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        }
    }
}
