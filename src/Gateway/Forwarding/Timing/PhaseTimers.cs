using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Features;

namespace OpenAIProxy.Gateway.Forwarding.Timing;

/// <summary>The timers of requests. They are used again and again: a timer and a token source are dear beside the rest of a request.</summary>
internal sealed class PhaseTimers(TimingSettings settings, TimeProvider time) : IDisposable
{
    private const int MostKept = 1024;

    private readonly ConcurrentQueue<PhaseTimer> _kept = new();
    private int _count;

    /// <summary>A timer for a request that begins now; it is to be disposed at its end.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isUpgrade">True for the opening of a WebSocket: it has no body.</param>
    public PhaseTimer Start(HttpContext context, bool isUpgrade)
    {
        var hasBody = !isUpgrade && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        if (_kept.TryDequeue(out var timer))
        {
            Interlocked.Decrement(ref _count);
        }
        else
        {
            timer = new PhaseTimer(this, settings, time);
        }

        timer.Begin(hasBody ? Phase.Uploading : Phase.Waiting);
        return timer;
    }

    /// <summary>Takes back one that has not fired. False if there are enough.</summary>
    public bool TryKeep(PhaseTimer timer)
    {
        if (Interlocked.Increment(ref _count) > MostKept)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        _kept.Enqueue(timer);
        return true;
    }

    public void Dispose()
    {
        while (_kept.TryDequeue(out var timer))
        {
            timer.End();
        }
    }
}
