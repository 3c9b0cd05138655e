namespace OpenAIProxy.BillingService.Caching;

/// <summary>
/// Callers that want the same thing at the same time share one piece of work. A caller who leaves does not disturb the others; when the
/// last one has left, the work is cancelled.
/// </summary>
internal sealed class SingleFlight<T>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    /// <summary>Joins the work under way for <paramref name="key"/>, or starts it.</summary>
    public async Task<T> RunAsync(string key, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var flight = Board(key, work);
        try
        {
            return await flight.Result.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(key, flight);
        }
    }

    private Flight Board(string key, Func<CancellationToken, Task<T>> work)
    {
        lock (_gate)
        {
            if (!_flights.TryGetValue(key, out var flight))
            {
                flight = new Flight();
                flight.Result = FlyAsync(key, flight, work);
                _flights.Add(key, flight);
            }

            flight.Passengers++;
            return flight;
        }
    }

    private void Leave(string key, Flight flight)
    {
        lock (_gate)
        {
            if (--flight.Passengers > 0 || flight.Result.IsCompleted)
            {
                return;
            }

            // Whoever comes next starts anew instead of boarding what is about to be cancelled.
            Remove(key, flight);
        }

        flight.Cancellation.Cancel();
    }

    private async Task<T> FlyAsync(string key, Flight flight, Func<CancellationToken, Task<T>> work)
    {
        // Off the lock that the first caller holds.
        await Task.Yield();
        try
        {
            return await work(flight.Cancellation.Token);
        }
        finally
        {
            lock (_gate)
            {
                Remove(key, flight);
            }
        }
    }

    private void Remove(string key, Flight flight)
    {
        if (_flights.TryGetValue(key, out var current) && current == flight)
        {
            _flights.Remove(key);
        }
    }

    private sealed class Flight
    {
        // Never disposed: it has no timer, and a passenger may cancel it at any time.
        public CancellationTokenSource Cancellation { get; } = new();

        public Task<T> Result { get; set; } = null!;

        public int Passengers { get; set; }
    }
}
