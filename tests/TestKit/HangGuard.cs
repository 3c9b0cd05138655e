namespace OpenAIProxy.TestKit;

/// <summary>Ends a wait that should have ended long ago. Generous: it says "hangs", never "is slow".</summary>
public static class HangGuard
{
    /// <summary>How long anything in a test may take.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The task, or a <see cref="TimeoutException"/> after <see cref="Limit"/>.</summary>
    public static Task Guarded(this Task task) => task.WaitAsync(Limit);

    /// <inheritdoc cref="Guarded(Task)"/>
    public static Task<T> Guarded<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <inheritdoc cref="Guarded(Task)"/>
    public static Task<T> Guarded<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Limit);

    /// <inheritdoc cref="Guarded(Task)"/>
    public static Task Guarded(this ValueTask task) => task.AsTask().WaitAsync(Limit);

    /// <summary>Waits until <paramref name="condition"/> holds: for what nobody announces, such as a counter going back to zero.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(condition);
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"Not within {Limit.TotalSeconds:0} s: {what}");
            }

            await Task.Delay(5, CancellationToken.None);
        }
    }

    /// <summary>Takes one <paramref name="look"/> after the other until <paramref name="condition"/> holds for what was seen, and returns that.</summary>
    public static async Task<T> Until<T>(Func<Task<T>> look, Func<T, bool> condition, string what)
    {
        ArgumentNullException.ThrowIfNull(look);
        ArgumentNullException.ThrowIfNull(condition);
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var seen = await look();
            if (condition(seen))
            {
                return seen;
            }

            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"Not within {Limit.TotalSeconds:0} s: {what}");
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }
}
