using System.Globalization;
using Microsoft.Net.Http.Headers;
using OpenAIProxy.BillingService.Telemetry;

namespace OpenAIProxy.BillingService.Answers;

/// <summary>Writes answers, with where they came from and how old they are.</summary>
internal static class AnswerWriter
{
    public const string CacheHeader = "x-openaiproxy-cache";
    public const string SourceHeader = "x-openaiproxy-source";

    public static Task WriteAsync(HttpContext context, Answer answer, DateTimeOffset now)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.Headers[SourceHeader] = answer.Source;
        response.Headers.Age = Math.Max(0, (long)(now - answer.Received).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.Headers[CacheHeader] = answer.IsHit ? BillingTelemetry.Hit : BillingTelemetry.Miss;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Write is { } write)
        {
            return StreamedBody.WriteAsync(context, write);
        }

        response.ContentLength = answer.Body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(answer.Body).AsTask();
    }

    /// <summary>Takes back what was said of an answer that then failed.</summary>
    public static void Undescribe(HttpResponse response)
    {
        response.Headers.Remove(HeaderNames.Age);
        response.Headers.Remove(CacheHeader);
    }
}
