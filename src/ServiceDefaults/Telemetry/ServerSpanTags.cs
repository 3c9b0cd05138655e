using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OpenAIProxy.ServiceDefaults.Telemetry;

/// <summary>
/// Gives the server span the attributes that .NET leaves out: method, path and status. Never the query, which may carry a key,
/// and never the client's address. In the pipeline only when telemetry is on.
/// </summary>
internal static class ServerSpanTags
{
    public static void Use(IApplicationBuilder app) => app.Use(next => context =>
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            return next(context);
        }

        span.DisplayName = $"{context.Request.Method} {FirstSegments(context.Request.Path)}";
        span.SetTag("http.request.method", context.Request.Method);
        span.SetTag("url.path", context.Request.Path.Value);
        return Finish(next(context), context, span);
    });

    private static async Task Finish(Task request, HttpContext context, Activity span)
    {
        await request;
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500)
        {
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    // A span's name must have few values; ids come from the third segment on: /v1/files/file-abc.
    private static string FirstSegments(PathString path)
    {
        var text = path.Value ?? "/";
        var third = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '/' && ++third == 2)
            {
                return text[..i];
            }
        }

        return text;
    }
}
