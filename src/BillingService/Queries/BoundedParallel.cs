namespace OpenAIProxy.BillingService.Queries;

/// <summary>Runs calls side by side, but not too many.</summary>
internal static class BoundedParallel
{
    /// <summary>
    /// Runs <paramref name="calls"/>, at most <paramref name="atOnce"/> at a time, and returns their results in order. The first failure
    /// ends the others and is thrown; the first result that <paramref name="isFinal"/> ends the others and is the only one returned.
    /// </summary>
    public static async Task<T[]> RunAsync<T>(
        int atOnce, IReadOnlyList<Func<CancellationToken, Task<T>>> calls, Predicate<T> isFinal, CancellationToken cancellationToken)
    {
        if (calls is [var only])
        {
            return [await only(cancellationToken)];
        }

        var results = new T[calls.Count];
        var end = new TaskCompletionSource<T[]>();
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = others.Token };
        try
        {
            await Parallel.ForAsync(0, calls.Count, options, async (i, token) =>
            {
                try
                {
                    results[i] = await calls[i](token);
                    if (isFinal(results[i]) && end.TrySetResult([results[i]]))
                    {
                        await others.CancelAsync();
                    }
                }
                catch (Exception e)
                {
                    // Those that end because of it fail later, as cancelled.
                    end.TrySetException(e);
                    throw;
                }
            });
        }
        catch (Exception) when (end.Task.IsCompleted)
        {
        }

        return end.Task.IsCompleted ? await end.Task : results;
    }
}
