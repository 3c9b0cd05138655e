namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>A value axis that begins at zero and ends at a round number.</summary>
/// <param name="Step">From one tick to the next.</param>
/// <param name="Top">The last tick; at least the largest value.</param>
public readonly record struct Axis(decimal Step, decimal Top)
{
    private const int MostTicks = 5;

    private static readonly decimal[] RoundSteps = [1m, 2m, 2.5m, 5m, 10m];

    /// <summary>The axis for values up to <paramref name="largest"/>, in steps of at least <paramref name="smallestStep"/>.</summary>
    public static Axis For(decimal largest, decimal smallestStep)
    {
        if (largest <= 0m)
        {
            return new Axis(1m, 1m);
        }

        var size = 1m;
        for (; largest / size > 10m * MostTicks; size *= 10m)
        {
        }

        for (; largest / size < MostTicks && size > 0.000_000_000_001m; size /= 10m)
        {
        }

        foreach (var round in RoundSteps)
        {
            var step = Math.Max(round * size, smallestStep);
            if (largest <= step * MostTicks)
            {
                // Half a count is nothing: 2.5 requests.
                step = smallestStep >= 1m ? decimal.Ceiling(step) : step;
                return new Axis(step, step * decimal.Ceiling(largest / step));
            }
        }

        return new Axis(largest, largest);
    }

    /// <summary>The values of all ticks, rising, from zero.</summary>
    public IEnumerable<decimal> Ticks()
    {
        for (var tick = 0m; tick <= Top; tick += Step)
        {
            yield return tick;
        }
    }
}
