namespace OpenAIProxy.Gateway.Forwarding.Timing;

/// <summary>
/// The limits of one request, first byte and idle, and the keep-alive comments of its stream. Progress is only noted down; the timer looks at
/// the notes when it fires, and goes on for as long as is left. YARP's own timer stands behind all of them.
/// </summary>
internal sealed class PhaseTimer : IAsyncDisposable
{
    private const long Never = long.MaxValue;

    // A client that answers a Close frame does it at once.
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly PhaseTimers _owner;
    private readonly TimeProvider _time;
    private readonly long _waitingLimit;
    private readonly long _idleLimit;
    private readonly long _keepAliveLimit;
    private readonly ITimer _timer;

    // Not disposed: it has no timer of its own, and may fire while the request ends.
    private readonly CancellationTokenSource _source = new();
    private long _last;
    private long _lastKeepAlive;
    private long _closeDeadline;
    private long _due = Never;
    private bool _isInUse;
    private KeepAlive? _keepAlive;
    private ClosableSocket? _close;

    public PhaseTimer(PhaseTimers owner, TimingSettings settings, TimeProvider time)
    {
        _owner = owner;
        _time = time;
        _waitingLimit = Ticks(settings.FirstByteTimeout);
        _idleLimit = Ticks(settings.IdleTimeout);
        _keepAliveLimit = Ticks(settings.KeepAlive);
        _timer = time.CreateTimer(static t => ((PhaseTimer)t!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _source.Token;

    public bool Fired { get; private set; }

    public Phase Phase { get; private set; }

    private long Limit => Phase == Phase.Waiting ? _waitingLimit : _idleLimit;

    /// <summary>A request begins.</summary>
    public void Begin(Phase phase)
    {
        // An old arming may fire at any time: it looks at these as soon as the timer is in use.
        lock (_lock)
        {
            Phase = phase;
            Progress();
            _isInUse = true;
        }

        Arm(_last + Limit);
    }

    /// <summary>Moves on to <paramref name="phase"/>, if that is further on, and starts its time.</summary>
    public void Enter(Phase phase)
    {
        // The body's thread and the answer's both come here, and an old arming may fire meanwhile.
        lock (_lock)
        {
            Progress();
            Phase = phase > Phase ? phase : Phase;
        }

        Arm(_last + Limit);
    }

    /// <summary>Something moved: the time of this phase starts anew.</summary>
    public void Progress() => Volatile.Write(ref _last, _time.GetTimestamp());

    /// <summary>Lets an event stream show that it lives while it is idle. Null if that is switched off.</summary>
    public KeepAlive? StartKeepAlive(HttpResponse response)
    {
        if (_keepAliveLimit == 0)
        {
            return null;
        }

        var keepAlive = new KeepAlive(response);
        lock (_lock)
        {
            _keepAlive = keepAlive;
        }

        Arm(_last + _keepAliveLimit);
        return keepAlive;
    }

    /// <summary>A WebSocket that is idle for too long is closed by <paramref name="close"/>, and cut only some seconds later.</summary>
    public void CloseOnIdle(ClosableSocket close)
    {
        lock (_lock)
        {
            _close = close;
        }
    }

    /// <summary>The request is over. What the keep-alive is writing is waited for: behind this, the response isn't this request's any more.</summary>
    public ValueTask DisposeAsync()
    {
        KeepAlive? keepAlive;
        lock (_lock)
        {
            _isInUse = false;
            keepAlive = _keepAlive;
            _keepAlive = null;
            _close = null;
            _closeDeadline = 0;
        }

        if (Fired || !_owner.TryKeep(this))
        {
            End();
        }

        return keepAlive?.ForbidAsync() ?? default;
    }

    /// <summary>It won't be used again.</summary>
    public void End() => _timer.Dispose();

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    // Mostly the timer fires sooner anyway, for this request or one before.
    private void Arm(long deadline)
    {
        if (deadline < Volatile.Read(ref _due))
        {
            lock (_lock)
            {
                ArmLocked(deadline, _time.GetTimestamp());
            }
        }
    }

    private void ArmLocked(long deadline, long now)
    {
        if (deadline < _due)
        {
            _due = deadline;
            var wait = _time.GetElapsedTime(now, deadline);
            _timer.Change(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        KeepAlive? keepAlive;
        ClosableSocket? close;
        lock (_lock)
        {
            _due = Never;
            if (!_isInUse)
            {
                return;
            }

            Look(_time.GetTimestamp(), out keepAlive, out close);
        }

        if (Fired)
        {
            _source.Cancel();
        }

        keepAlive?.Write();
        close?.CloseIdle();
    }

    private void Look(long now, out KeepAlive? keepAlive, out ClosableSocket? close)
    {
        keepAlive = null;
        close = null;
        var deadline = _closeDeadline > 0 ? _closeDeadline : _last + Limit;
        if (now >= deadline)
        {
            if (_close is null)
            {
                Fired = true;
                return;
            }

            close = _close;
            _close = null;
            _closeDeadline = deadline = now + Ticks(CloseGrace);
        }

        if (_keepAlive is not null)
        {
            var next = Math.Max(_last, _lastKeepAlive) + _keepAliveLimit;
            if (now >= next)
            {
                keepAlive = _keepAlive;
                _lastKeepAlive = now;
                next = now + _keepAliveLimit;
            }

            deadline = Math.Min(deadline, next);
        }

        ArmLocked(deadline, now);
    }
}
