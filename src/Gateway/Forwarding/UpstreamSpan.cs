using System.Diagnostics;
using System.Globalization;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// The span of a call to the upstream, of kind client. It stands in place of the HTTP client's own, which would be a second span of the same
/// call. Null while nobody listens.
/// </summary>
internal static class UpstreamSpan
{
    public const string SourceName = "OpenAIProxy.Gateway";
    public const string ErrorType = "error.type";
    public const string Method = "http.request.method";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of <paramref name="request"/>. It is named after the method until metering knows what was called.</summary>
    public static Activity? Start(HttpRequest request, Uri upstream)
    {
        // Callers can make methods up, too.
        var isKnown = request.Method is "GET" or "POST" or "DELETE" or "PUT" or "PATCH" or "HEAD" or "OPTIONS" or "CONNECT";
        var span = Source.StartActivity(isKnown ? request.Method : "HTTP", ActivityKind.Client);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(Method, isKnown ? request.Method : "_OTHER");
            span.SetTag("server.address", upstream.Host);
            span.SetTag("server.port", upstream.Port);
        }

        return span;
    }

    /// <summary>The span of one response within a WebSocket <paramref name="session"/>, which began at <paramref name="started"/>.</summary>
    public static Activity? StartResponse(Activity? session, DateTimeOffset started)
        => session is null ? null : Source.StartActivity("response", ActivityKind.Client, session.Context, startTime: started);

    /// <summary>The head of the answer is there.</summary>
    public static void Answered(Activity? span, int status)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("http.response.status_code", status);
            if (status >= 400)
            {
                Failed(span, status.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>The call failed. What is said first stays: it is nearest to the cause.</summary>
    public static void Failed(Activity? span, string error)
    {
        if (span is { IsAllDataRequested: true, Status: not ActivityStatusCode.Error })
        {
            span.SetTag(ErrorType, error);
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
