using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Gateway.Configuration;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>
/// The shorter of the two limits, first byte and idle; YARP's own timer keeps the longer one. With both equal, as by default, no
/// request has one of these.
/// </summary>
internal sealed class PhaseTimer : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeSpan _waiting;
    private readonly TimeSpan _idle;

    private PhaseTimer(TimeSpan waiting, TimeSpan idle, Phase phase, TimeProvider time)
    {
        // CancelAfter moves the timer that this constructor makes, whose clock is the given one.
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _waiting = waiting;
        _idle = idle;
        Enter(phase);
    }

    public CancellationToken Token => _source.Token;

    public bool Fired => _source.IsCancellationRequested;

    public Phase Phase { get; private set; }

    /// <summary>
    /// A timer for one request; null if YARP's is enough. A WebSocket, of whose bytes nobody tells us, has YARP's for idle always.
    /// </summary>
    public static PhaseTimer? For(ForwardingSettings settings, HttpContext context, bool isUpgrade, TimeProvider time)
    {
        if (settings.FirstByteTimeout == settings.IdleTimeout || (isUpgrade && settings.FirstByteTimeout > settings.IdleTimeout))
        {
            return null;
        }

        var waitIsShorter = settings.FirstByteTimeout < settings.IdleTimeout;
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        var timer = new PhaseTimer(
            waitIsShorter ? settings.FirstByteTimeout : Timeout.InfiniteTimeSpan,
            waitIsShorter ? Timeout.InfiniteTimeSpan : settings.IdleTimeout,
            hasBody ? Phase.Uploading : Phase.Waiting,
            time);
        if (hasBody)
        {
            context.Request.Body = new UploadStream(context.Request.Body, context.Request.ContentLength, timer);
        }

        return timer;
    }

    /// <summary>Moves on to <paramref name="phase"/>, if that is further on, and starts its time.</summary>
    public void Enter(Phase phase)
    {
        Phase = phase > Phase ? phase : Phase;
        Progress();
    }

    /// <summary>Something moved: the time of this phase starts anew.</summary>
    public void Progress() => _source.CancelAfter(Phase == Phase.Waiting ? _waiting : _idle);

    public void Dispose() => _source.Dispose();
}
