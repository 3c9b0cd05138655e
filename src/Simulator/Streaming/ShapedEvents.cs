using System.Buffers;
using System.Text;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Pipeline;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>Events in the unusual forms of <see cref="SseShape"/>, or compressed.</summary>
internal sealed class ShapedEvents
{
    private const string FillerMark = "@filler@";

    private static readonly byte[] Filler = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];

    // Without it the pieces of a character would leave in one segment after all.
    private static readonly TimeSpan PieceGap = TimeSpan.FromMilliseconds(2);

    private readonly Stream _output;
    private readonly SseShape _shape;
    private readonly CancellationToken _aborted;
    private int _cuts;

    private ShapedEvents(Stream output, SseShape shape, CancellationToken aborted)
    {
        _output = output;
        _shape = shape;
        _aborted = aborted;
    }

    /// <summary>Writes the events before <paramref name="end"/>, the fault's error event, and the end of the compression if this end is a clean one.</summary>
    public static async Task WriteAsync(HttpContext context, Behavior behavior, StreamScript script, int end)
    {
        var output = Reply.Encoder(context.Response.Body, behavior.Encoding);
        var events = new ShapedEvents(output, behavior.Sse, context.RequestAborted);
        var buffer = new ArrayBufferWriter<byte>();
        for (var i = 0; i < end; i++)
        {
            if (i > 0)
            {
                await Task.Delay(behavior.ChunkDelay, context.RequestAborted);
            }

            buffer.ResetWrittenCount();
            script.Write(i, buffer);
            await events.WriteEventAsync(buffer.WrittenMemory.ToArray(), i == 0, i == script.Count - 1);
            if (i == 0 && behavior.Sse.HasFlag(SseShape.HugeLine))
            {
                await events.WriteHugeAsync(script.Content(FillerMark), behavior.HugeBytes);
            }
        }

        if (behavior.Fault == Fault.ErrorEvent)
        {
            await events.WriteEventAsync(script.Error(end), isFirst: false, isLast: true);
        }

        if (output != context.Response.Body && behavior.Fault is not (Fault.Reset or Fault.Eof or Fault.Hang))
        {
            await output.DisposeAsync();
        }
    }

    private Task WriteEventAsync(byte[] bytes, bool isFirst, bool isLast)
    {
        var text = Encoding.UTF8.GetString(bytes);
        if (!isFirst && _shape.HasFlag(SseShape.Comments))
        {
            text = ": keep-alive\n\n" + text;
        }

        if (isLast && _shape.HasFlag(SseShape.NoFinalBlank))
        {
            text = text[..^1];
        }

        return WriteInPiecesAsync(Encoding.UTF8.GetBytes(WithLineEnds(text)));
    }

    private async Task WriteHugeAsync(byte[] bytes, int length)
    {
        var parts = WithLineEnds(Encoding.UTF8.GetString(bytes)).Split(FillerMark);
        var missing = Math.Max(0, length - (bytes.Length - FillerMark.Length));
        await _output.WriteAsync(Encoding.UTF8.GetBytes(parts[0]), _aborted);
        for (; missing > 0; missing -= Math.Min(missing, Filler.Length))
        {
            await _output.WriteAsync(Filler.AsMemory(0, Math.Min(missing, Filler.Length)), _aborted);
        }

        await _output.WriteAsync(Encoding.UTF8.GetBytes(parts[1]), _aborted);
        await _output.FlushAsync(_aborted);
    }

    private string WithLineEnds(string text)
        => _shape.HasFlag(SseShape.Crlf) ? text.Replace("\n", "\r\n", StringComparison.Ordinal)
        : _shape.HasFlag(SseShape.Cr) ? text.Replace('\n', '\r')
        : text;

    private async Task WriteInPiecesAsync(byte[] bytes)
    {
        for (var start = 0; start < bytes.Length;)
        {
            var length = PieceLength(bytes.AsSpan(start));
            await _output.WriteAsync(bytes.AsMemory(start, length), _aborted);
            await _output.FlushAsync(_aborted);
            start += length;
            if (_shape.HasFlag(SseShape.OneByte))
            {
                await Task.Yield();
            }
            else if (start < bytes.Length)
            {
                await Task.Delay(PieceGap, _aborted);
            }
        }
    }

    private int PieceLength(ReadOnlySpan<byte> rest)
    {
        if (_shape.HasFlag(SseShape.OneByte))
        {
            return 1;
        }

        // The lead byte of four has its five upper bits 11110. A piece that begins inside of a character finds the next one.
        var lead = _shape.HasFlag(SseShape.SplitUtf8) ? rest.IndexOfAnyInRange((byte)0xF0, (byte)0xF7) : -1;
        return lead < 0 ? rest.Length : lead + 1 + (_cuts++ % 3);
    }
}
