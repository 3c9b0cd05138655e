using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace OpenAIProxy.Gateway.Metering.Requests;

/// <summary>Arranges that a request's body is looked at on its way, and that usage is asked for where the client doesn't.</summary>
internal static class RequestReading
{
    /// <summary>Bytes. A chat request up to this is read whole before it is sent, so that its length is known after the wish was put in.</summary>
    public const int MostKept = 256 * 1024;

    private const int Room = 64;

    // A client that sends slowly gets its connection to the upstream meanwhile; waiting longer would hold up what could go on.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Arranges it; done when the request can be sent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="call">Whose facts are filled.</param>
    /// <param name="ask">True if usage may be asked for in the client's place.</param>
    public static ValueTask PrepareAsync(HttpContext context, MeteredCall call, bool ask)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            call.RequestIsRead();
            return default;
        }

        if (!call.Endpoint.ReadsRequest || request.Headers.ContentEncoding.Count > 0)
        {
            return default;
        }

        var contentType = request.ContentType ?? "";
        var isForm = contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);
        ask = ask && call.Endpoint.Kind == MeterKind.Completion && !isForm;
        var length = request.ContentLength;
        if (!ask)
        {
            BodyScan? scan = isForm ? FormScan.For(call.Facts, contentType) : NewJsonScan(call, ask: false);
            if (scan is not null)
            {
                call.RequestIsUnderWay();
                request.Body = new ScanStream(request.Body, scan, length, call);
            }

            return default;
        }

        // Who expects a "continue" would get it too early, not from the upstream.
        if (length is > 0 and <= MostKept && request.Headers.Expect.Count == 0)
        {
            return KeepAsync(request, call, (int)length);
        }

        PassAndAsk(request, call, request.Body, length);
        return default;
    }

    private static JsonScan NewJsonScan(MeteredCall call, bool ask, bool canReplace = false)
        => new(call.Facts, ask, countInput: call.Endpoint.Kind == MeterKind.Speech, canReplace, readTools: call.Endpoint.Kind == MeterKind.Response);

    // How long it will be is known only at its end.
    private static void PassAndAsk(HttpRequest request, MeteredCall call, Stream body, long? length)
    {
        call.RequestIsUnderWay();
        call.MayAsk = true;
        request.Headers.ContentLength = null;
        request.Body = new ScanStream(body, NewJsonScan(call, ask: true), length, call);
    }

    private static async ValueTask KeepAsync(HttpRequest request, MeteredCall call, int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length + Room);
        var count = 0;
        var end = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (count < length)
        {
            var read = request.Body.ReadAsync(buffer.AsMemory(count, length - count));
            var got = 0;
            if (read.IsCompletedSuccessfully)
            {
                got = read.Result;
            }
            else
            {
                var pending = read.AsTask();
                try
                {
                    got = await pending.WaitAsync(TimeSpan.FromMilliseconds(Math.Max(0, end - Environment.TickCount64)));
                }
                catch (Exception e)
                {
                    var failure = pending.IsFaulted || pending.IsCanceled ? e : null;
                    PassAndAsk(request, call, new BegunBody(buffer, count, failure is null ? pending : null, failure, request.Body), length);
                    return;
                }
            }

            if (got == 0)
            {
                PassAndAsk(request, call, new BegunBody(buffer, count, null, null, request.Body), length);
                return;
            }

            count += got;
        }

        var total = length + Ask(buffer, length, call);
        call.MayAsk = call.Facts.AskedForUsage;
        request.Headers.ContentLength = total;
        request.Body = new KeptBody(buffer, total, call);
    }

    // Returns by how much the body grew.
    private static int Ask(byte[] buffer, int length, MeteredCall call)
    {
        var at = -1;
        var inserted = 0;
        var removed = 0;
        Span<byte> insertion = stackalloc byte[Room];
        try
        {
            var scan = NewJsonScan(call, ask: true, canReplace: true);
            for (var i = 0; i < length;)
            {
                i += scan.Scan(buffer.AsSpan(i, length - i), out var insert);
                if (!insert.IsEmpty)
                {
                    // Two places: stream_options stands there twice. Who knows which one counts is upstream.
                    at = at < 0 ? i : length + 1;
                    (inserted, removed) = (insert.Length, scan.Replaced);
                    insert.CopyTo(insertion);
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            call.GiveUp(e);
            at = -1;
        }

        var asks = at >= 0 && at <= length && call.Facts is { Stream: true, AskedForUsage: true } && IsJson(buffer.AsSpan(0, length));
        call.Facts.AskedForUsage = asks;
        if (!asks)
        {
            return 0;
        }

        buffer.AsSpan(at, length - at).CopyTo(buffer.AsSpan(at - removed + inserted));
        insertion[..inserted].CopyTo(buffer.AsSpan(at - removed));
        return inserted - removed;
    }

    private static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 512 });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
