using System.IO.Compression;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Pipeline;

/// <summary>Writes answers that are no event streams, in the way that the behavior asks for.</summary>
internal static class Reply
{
    private const string JsonType = "application/json";

    /// <summary>Answers 200 with this JSON.</summary>
    public static Task JsonAsync(HttpContext context, string json) => JsonAsync(context, context.Behavior(), Json.Bytes(json));

    public static Task JsonAsync(HttpContext context, Behavior behavior, byte[] json)
        => WholeAsync(context, behavior, JsonType, behavior.BodyBytes is { } length ? Padding.Pad(json, length) : json);

    public static Task TextAsync(HttpContext context, string text)
        => WholeAsync(context, context.Behavior(), "text/plain; charset=utf-8", Json.Bytes(text));

    public static Task ErrorAsync(HttpContext context, Behavior behavior, ApiException e)
    {
        context.Response.StatusCode = e.Status;
        return WholeAsync(context, behavior with { Fault = Fault.None }, JsonType, Json.Bytes(ErrorJson.Of(e)));
    }

    /// <summary>Answers what <c>x-sim-status</c> asks for.</summary>
    public static Task StatusAsync(HttpContext context, Behavior behavior, int status)
    {
        context.Response.StatusCode = status;
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return behavior.ErrorBody switch
        {
            ErrorBody.Html => WholeAsync(context, behavior, "text/html; charset=UTF-8", Json.Bytes(
                $"<html>\r\n<head><title>{status} Simulated</title></head>\r\n<body><center><h1>{status} Simulated</h1></center><hr><center>cloudflare</center></body>\r\n</html>\r\n")),
            _ when behavior.ErrorBody == ErrorBody.Empty || status is 204 or 205 or 304 => WholeAsync(context, behavior, null, []),
            _ => WholeAsync(context, behavior, JsonType, Json.Bytes(ErrorJson.ForStatus(status))),
        };
    }

    /// <summary>Reads the rest of the request body, as an upstream that answers only then; not if the client waits to be told to send it.</summary>
    public static async ValueTask DrainAsync(HttpContext context)
    {
        if (context.Request.Headers.Expect.Count == 0)
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }
    }

    /// <summary>All that comes before the first byte of the body: the rest of the request, delays, headers.</summary>
    public static async Task BeginAsync(HttpContext context, Behavior behavior)
    {
        await DrainAsync(context);
        if (behavior.FirstByteDelay > TimeSpan.Zero)
        {
            await Task.Delay(behavior.FirstByteDelay, context.RequestAborted);
        }

        OpenAIHeaders.Add(context.Response, behavior);
        if (behavior.Encoding != BodyEncoding.None)
        {
            context.Response.Headers.ContentEncoding = behavior.Encoding == BodyEncoding.Gzip ? "gzip" : "br";
        }

        foreach (var (name, value) in behavior.Trailers)
        {
            context.Response.AppendTrailer(name, value);
        }

        if (behavior.DelayAfterHead is { } delay)
        {
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            await Task.Delay(delay, context.RequestAborted);
        }
    }

    private static async Task WholeAsync(HttpContext context, Behavior behavior, string? contentType, byte[] body)
    {
        if (body.Length > 0 && behavior.Encoding != BodyEncoding.None)
        {
            body = Compress(body, behavior.Encoding);
        }

        context.Response.ContentType = contentType;
        if (context.Response.StatusCode != StatusCodes.Status204NoContent)
        {
            context.Response.ContentLength = body.Length;
        }

        await BeginAsync(context, behavior);
        if (behavior.Fault is Fault.Reset or Fault.Eof or Fault.Hang)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted);
            await ConnectionCut.MakeAsync(context, behavior.Fault);
            return;
        }

        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] Compress(byte[] body, BodyEncoding encoding)
    {
        using var buffer = new MemoryStream();
        using (var encoder = Encoder(buffer, encoding))
        {
            encoder.Write(body);
        }

        return buffer.ToArray();
    }

    /// <summary>A stream that compresses into <paramref name="output"/>, or <paramref name="output"/> itself.</summary>
    public static Stream Encoder(Stream output, BodyEncoding encoding) => encoding switch
    {
        BodyEncoding.Gzip => new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true),
        BodyEncoding.Brotli => new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true),
        _ => output,
    };
}
