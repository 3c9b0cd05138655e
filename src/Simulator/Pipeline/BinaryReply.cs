using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Faults;

namespace OpenAIProxy.Simulator.Pipeline;

/// <summary>Writes binary answers of any length in constant memory.</summary>
internal static class BinaryReply
{
    // A length that no buffer of the way divides: shifted or lost pieces show.
    private static readonly byte[] Pattern = [.. Enumerable.Range(0, 64 * 1024 - 5).Select(i => (byte)(i * 31 % 251))];

    /// <summary>Answers with a body of known length.</summary>
    public static Task DownloadAsync(HttpContext context, string contentType, long length)
    {
        var behavior = context.Behavior();
        if (behavior.Encoding == BodyEncoding.None)
        {
            context.Response.ContentLength = length;
        }

        return WriteAsync(context, behavior, contentType, length, Pattern.Length, TimeSpan.Zero);
    }

    /// <summary>Answers with a body of unknown length, in pieces and at the pace of a stream.</summary>
    public static Task ChunkedAsync(HttpContext context, string contentType, long length)
    {
        var behavior = context.Behavior();
        var piece = Math.Clamp(length / Math.Max(1, behavior.Chunks), 1, Pattern.Length);
        return WriteAsync(context, behavior, contentType, length, (int)piece, behavior.ChunkDelay);
    }

    private static async Task WriteAsync(HttpContext context, Behavior behavior, string contentType, long length, int pieceLength, TimeSpan pace)
    {
        var aborted = context.RequestAborted;
        context.Response.ContentType = contentType;
        await Reply.BeginAsync(context, behavior);

        var cut = behavior.Fault is Fault.Reset or Fault.Eof or Fault.Hang;
        var end = cut ? length / 2 : length;
        var output = Reply.Encoder(context.Response.Body, behavior.Encoding);
        for (long position = 0; position < end;)
        {
            if (position > 0 && pace > TimeSpan.Zero)
            {
                await Task.Delay(pace, aborted);
            }

            var offset = (int)(position % Pattern.Length);
            var count = (int)Math.Min(Math.Min(pieceLength, Pattern.Length - offset), end - position);
            await output.WriteAsync(Pattern.AsMemory(offset, count), aborted);
            await output.FlushAsync(aborted);
            position += count;
        }

        if (cut)
        {
            await ConnectionCut.MakeAsync(context, behavior.Fault);
        }
        else if (output != context.Response.Body)
        {
            await output.DisposeAsync();
        }
    }
}
