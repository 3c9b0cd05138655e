using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Pipeline;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>Sends a script as server-sent events, each flushed by itself.</summary>
internal static class EventStream
{
    public static async Task WriteAsync(HttpContext context, Behavior behavior, StreamScript script)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        await Reply.BeginAsync(context, behavior);

        var end = behavior.Fault switch
        {
            Fault.None => script.Count,
            Fault.NoDone => script.Count - 1,
            _ => script.Count / 2,
        };
        if (behavior.Sse == SseShape.None && behavior.Encoding == BodyEncoding.None)
        {
            await WritePlainAsync(context, behavior.ChunkDelay, script, end);
            if (behavior.Fault == Fault.ErrorEvent)
            {
                await context.Response.BodyWriter.WriteAsync(script.Error(end), context.RequestAborted);
            }
        }
        else
        {
            await ShapedEvents.WriteAsync(context, behavior, script, end);
        }

        if (behavior.Fault is Fault.Reset or Fault.Eof or Fault.Hang)
        {
            await ConnectionCut.MakeAsync(context, behavior.Fault);
        }
    }

    private static async Task WritePlainAsync(HttpContext context, TimeSpan pace, StreamScript script, int end)
    {
        var output = context.Response.BodyWriter;
        var aborted = context.RequestAborted;
        for (var i = 0; i < end; i++)
        {
            if (i > 0 && pace > TimeSpan.Zero)
            {
                await Task.Delay(pace, aborted);
            }

            script.Write(i, output);
            await output.FlushAsync(aborted);
        }
    }
}
