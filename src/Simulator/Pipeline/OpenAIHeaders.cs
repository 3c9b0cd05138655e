using System.Globalization;
using Microsoft.Extensions.Primitives;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Pipeline;

/// <summary>The headers that OpenAI and the edge before it add to each answer, among them those that a gateway must not pass on.</summary>
internal static class OpenAIHeaders
{
    private static readonly StringValues Server = "cloudflare";
    private static readonly StringValues Version = "2020-10-01";
    private static readonly StringValues Organization = "simulator";
    private static readonly StringValues ProcessingMs = "3";
    private static readonly StringValues LimitRequests = "10000";
    private static readonly StringValues LimitTokens = "2000000";
    private static readonly StringValues RemainingRequests = "9999";
    private static readonly StringValues RemainingTokens = "1999980";
    private static readonly StringValues ResetRequests = "6ms";
    private static readonly StringValues ResetTokens = "0s";
    private static readonly StringValues Cookie = "__cf_bm=simulated; path=/; domain=.api.openai.com; HttpOnly; Secure; SameSite=None";
    private static readonly StringValues AltSvc = "h3=\":443\"; ma=86400";
    private static readonly StringValues TransportSecurity = "max-age=31536000; includeSubDomains; preload";
    private static readonly StringValues AnyOrigin = "*";
    private static readonly StringValues ExposedHeaders = "X-Request-ID";
    private static readonly StringValues Ray = "8a1b2c3d4e5f6789-FRA";
    private static readonly StringValues NoSniff = "nosniff";

    public static void Add(HttpResponse response, Behavior behavior)
    {
        var headers = response.Headers;
        headers.Server = Server;
        headers.SetCookie = Cookie;
        headers.AltSvc = AltSvc;
        headers.StrictTransportSecurity = TransportSecurity;
        headers.AccessControlAllowOrigin = AnyOrigin;
        headers.AccessControlExposeHeaders = ExposedHeaders;
        headers.XContentTypeOptions = NoSniff;
        headers["CF-RAY"] = Ray;
        headers["x-request-id"] = Ids.New("req_");
        headers["openai-organization"] = Organization;
        headers["openai-processing-ms"] = behavior.FirstByteDelay == TimeSpan.Zero
            ? ProcessingMs
            : behavior.FirstByteDelay.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        headers["openai-version"] = Version;
        headers["x-ratelimit-limit-requests"] = LimitRequests;
        headers["x-ratelimit-limit-tokens"] = LimitTokens;
        headers["x-ratelimit-remaining-requests"] = RemainingRequests;
        headers["x-ratelimit-remaining-tokens"] = RemainingTokens;
        headers["x-ratelimit-reset-requests"] = ResetRequests;
        headers["x-ratelimit-reset-tokens"] = ResetTokens;
        foreach (var (name, value) in behavior.Headers)
        {
            headers.Append(name, value);
        }
    }
}
