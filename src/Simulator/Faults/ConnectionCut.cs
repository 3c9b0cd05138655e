using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Recording;

namespace OpenAIProxy.Simulator.Faults;

/// <summary>Ends a connection in ways that a well-behaved server never would.</summary>
internal static class ConnectionCut
{
    // A flush hands bytes to Kestrel's sending loop, which can't be awaited; a cut right after it would overtake them.
    private static readonly TimeSpan SendingTime = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(5);

    /// <summary>Sends what was written so far, then cuts as <paramref name="fault"/> says.</summary>
    public static async Task MakeAsync(HttpContext context, Fault fault)
    {
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        if (fault == Fault.Hang)
        {
            await HangAsync(context.RequestAborted);
            return;
        }

        await Task.Delay(SendingTime, context.RequestAborted);

        // As far as the recording goes, this answer went as it should; the client leaves because of it.
        context.Features.Get<RequestCapture>()?.Complete();
        if (fault == Fault.Eof && context.Features.Get<IConnectionSocketFeature>() is { } connection)
        {
            connection.Socket.Shutdown(SocketShutdown.Send);
            await WaitForClientAsync(context);
        }

        // The transport closes an aborted connection with a reset.
        context.Abort();
    }

    /// <summary>Says nothing more until the client leaves.</summary>
    public static Task HangAsync(CancellationToken clientGone) => Task.Delay(Timeout.InfiniteTimeSpan, clientGone);

    private static Task WaitForClientAsync(HttpContext context)
        => Task.Delay(ClosingTime, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
}
