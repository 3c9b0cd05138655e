namespace OpenAIProxy.Gateway.Listening;

/// <summary>Counts what is in progress, and lets one wait until nothing is.</summary>
internal sealed class InProgress
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _none;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>One more has begun.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _count++;
        }
    }

    /// <summary>One has ended.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (--_count == 0)
            {
                _none?.TrySetResult();
                _none = null;
            }
        }
    }

    /// <summary>Completes as soon as nothing is in progress.</summary>
    public Task WhenNone()
    {
        lock (_lock)
        {
            if (_count == 0)
            {
                return Task.CompletedTask;
            }

            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _none.Task;
        }
    }
}
