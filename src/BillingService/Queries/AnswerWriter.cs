using System.Globalization;
using Microsoft.Net.Http.Headers;
using OpenAIProxy.BillingService.Caching;
using OpenAIProxy.BillingService.Telemetry;
using OpenAIProxy.BillingService.Upstream;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>Writes answers, with where they came from and how old they are.</summary>
internal static class AnswerWriter
{
    public const string CacheHeader = "x-openaiproxy-cache";
    public const string SourceHeader = "x-openaiproxy-source";

    /// <summary>What every answer says, errors too.</summary>
    public static void Mark(HttpResponse response)
    {
        // Between us and the caller nobody may keep what a key has cost.
        response.Headers.CacheControl = "no-store";
    }

    public static Task WriteAsync(HttpContext context, CachedAnswer answer, DateTimeOffset now)
    {
        context.Response.Headers[SourceHeader] = answer.Source;
        context.Response.ContentType = answer.ContentType;
        if (answer.Write is { } write)
        {
            Describe(context.Response, answer.IsHit, now - answer.Received);
            return StreamedBody.WriteAsync(context, write);
        }

        return WriteAsync(context, answer.Body, answer.IsHit, now - answer.Received);
    }

    /// <summary>Upstream's error: its status, its body.</summary>
    public static Task WriteAsync(HttpContext context, UpstreamException error, DateTimeOffset now)
    {
        var response = context.Response;
        response.StatusCode = error.Answer.Status;
        response.ContentType = error.Answer.ContentType;
        foreach (var (name, value) in error.Answer.Headers)
        {
            response.Headers[name] = value;
        }

        return WriteAsync(context, error.Answer.Body, error.IsRemembered, now - error.Answer.Received);
    }

    /// <summary>Takes back what was said of an answer that then failed.</summary>
    public static void Undescribe(HttpResponse response)
    {
        response.Headers.Remove(HeaderNames.Age);
        response.Headers.Remove(CacheHeader);
    }

    private static Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> body, bool isHit, TimeSpan age)
    {
        var response = context.Response;
        Describe(response, isHit, age);
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    private static void Describe(HttpResponse response, bool isHit, TimeSpan age)
    {
        response.Headers.Age = Math.Max(0, (long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.Headers[CacheHeader] = isHit ? BillingTelemetry.Hit : BillingTelemetry.Miss;
    }
}
