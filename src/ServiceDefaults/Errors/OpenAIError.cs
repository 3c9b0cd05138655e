using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OpenAIProxy.ServiceDefaults.Errors;

/// <summary>
/// The one place that writes OpenAI's error object, so that every OpenAI client understands what went wrong:
/// <c>{"error":{"message":"…","type":"…","param":null,"code":"…"}}</c>.
/// </summary>
public static class OpenAIError
{
    // Messages quote settings and header names; an apostrophe should stay one. The answer is never embedded in a page.
    /// <summary>How it is written.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Answers with <paramref name="status"/> and the error object. Does nothing if the response has started: a broken stream
    /// must be aborted, never ended with something that looks like an answer.
    /// </summary>
    /// <param name="context">The request to answer.</param>
    /// <param name="status">HTTP status, 400 to 599.</param>
    /// <param name="code">Stable, for programs: <c>upstream_timeout</c>.</param>
    /// <param name="message">For people: what is wrong and what cures it. Without secrets.</param>
    /// <param name="param">The parameter that is wrong, if it is one.</param>
    /// <param name="type">OpenAI's error class; by default <c>invalid_request_error</c> below 500 and <c>server_error</c> from there on.</param>
    /// <param name="resetsAt">When a budget begins anew, unix seconds, as <c>error.resets_at</c>; null to leave it out.</param>
    public static Task WriteAsync(
        HttpContext context, int status, string code, string message, string? param = null, string? type = null, long? resetsAt = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var response = context.Response;
        if (response.HasStarted)
        {
            return Task.CompletedTask;
        }

        var body = Format(status, code, message, param, type, resetsAt);
        response.StatusCode = status;
        if (context.Features.Get<IHttpResponseFeature>() is { } feature)
        {
            // A forwarded answer that failed later may have left upstream's phrase here.
            feature.ReasonPhrase = null;
        }

        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    /// <inheritdoc cref="WriteAsync(HttpContext, int, string, string, string?, string?, long?)"/>
    /// <remarks>In Chinese where the caller prefers it; the code is the same.</remarks>
    public static Task WriteAsync(
        HttpContext context, int status, string code, ErrorText message, string? param = null, string? type = null, long? resetsAt = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Response.HasStarted || !ErrorText.PrefersChinese(context.Request))
        {
            return WriteAsync(context, status, code, message.English, param, type, resetsAt);
        }

        context.Response.Headers.ContentLanguage = "zh-CN";
        return WriteAsync(context, status, code, message.Chinese, param, type, resetsAt);
    }

    /// <summary>Writes the member <c>"error":{…}</c> into an object, as <see cref="WriteAsync(HttpContext, int, string, string, string?, string?, long?)"/> does.</summary>
    public static void Write(Utf8JsonWriter json, int status, string code, string message, string? param, string? type, long? resetsAt)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject("error");
        json.WriteString("message", message);
        json.WriteString("type", type ?? (status < StatusCodes.Status500InternalServerError ? "invalid_request_error" : "server_error"));
        json.WriteString("param", param);
        json.WriteString("code", code);
        if (resetsAt is { } time)
        {
            json.WriteNumber("resets_at", time);
        }

        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Format(int status, string code, string message, string? param, string? type, long? resetsAt)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        Write(json, status, code, message, param, type, resetsAt);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
