using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>
/// CORS for browser pages. The allowed request headers are an echo of those asked for: OpenAI's SDKs send a dozen
/// <c>x-stainless-*</c> headers, and more with each version. Any origin may be allowed to call, because no cookie is ever used here: a page
/// has no more rights than the key it brings. Who brings none is <see cref="AccessGate"/>'s to judge.
/// </summary>
internal sealed class OriginPolicy(AccessSettings settings)
{
    private const string ExposedHeaders = "x-request-id, openai-processing-ms, openai-version, openai-organization, "
        + "x-ratelimit-limit-requests, x-ratelimit-limit-tokens, x-ratelimit-remaining-requests, x-ratelimit-remaining-tokens, "
        + "x-ratelimit-reset-requests, x-ratelimit-reset-tokens, retry-after, retry-after-ms, location, content-disposition, "
        + "x-openaiproxy-cache, x-openaiproxy-source";

    private readonly FrozenSet<string> _origins = settings.AllowedOrigins.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly bool _any = settings.AllowedOrigins.Contains("*");

    public bool IsOn => _any || _origins.Count > 0;

    /// <summary>True if pages of this origin may call.</summary>
    public bool Allows(string origin) => _any ? IsPlain(origin) : Lists(origin);

    /// <summary>True if the origin was named, and not just covered by <c>*</c>.</summary>
    public bool Lists(string origin) => origin != "*" && _origins.Contains(origin);

    /// <summary>Answers a preflight. True if it was one; the request is then done.</summary>
    public bool TryAnswerPreflight(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!IsOn || !HttpMethods.IsOptions(context.Request.Method) || headers.Origin.Count == 0 || headers.AccessControlRequestMethod.Count == 0)
        {
            return false;
        }

        var response = context.Response;
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.Vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        if (Allows(headers.Origin.ToString()) && IsPlain(headers.AccessControlRequestMethod.ToString())
            && IsPlain(headers.AccessControlRequestHeaders.ToString()))
        {
            response.Headers.AccessControlAllowOrigin = headers.Origin;
            response.Headers.AccessControlAllowMethods = headers.AccessControlRequestMethod;
            response.Headers.AccessControlMaxAge = "86400";
            if (headers.AccessControlRequestHeaders.Count > 0)
            {
                response.Headers.AccessControlAllowHeaders = headers.AccessControlRequestHeaders;
            }
        }

        return true;
    }

    /// <summary>Puts the CORS headers on whatever answer the request gets, errors of the gateway's own included.</summary>
    public void Apply(HttpContext context)
    {
        if (IsOn && context.Request.Headers.Origin is { Count: > 0 } origin)
        {
            // At the start of the response, because a failed forwarding clears the headers set before.
            context.Response.OnStarting(static state => AddHeaders(state), (context, Allows(origin.ToString()) ? origin : StringValues.Empty));
        }
    }

    // What is echoed must be a header value; Kestrel takes control characters in, but not out.
    private static bool IsPlain(string text) => VisibleAscii.IsAllOrSpaces(text);

    private static Task AddHeaders(object state)
    {
        var (context, origin) = ((HttpContext, StringValues))state;
        var headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (origin.Count > 0)
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = ExposedHeaders;
        }

        return Task.CompletedTask;
    }
}
