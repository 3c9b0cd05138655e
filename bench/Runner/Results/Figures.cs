namespace OpenAIProxy.Runner.Results;

/// <summary>
/// All values measured: by metric, by subject, one per round. Subjects are compared within a round, where both met the same
/// machine, and the median of those comparisons counts.
/// </summary>
internal sealed class Figures
{
    private readonly Dictionary<(string Metric, string Subject), List<double>> _values = [];

    public void Add(string metric, string subject, double value)
    {
        if (!_values.TryGetValue((metric, subject), out var values))
        {
            _values.Add((metric, subject), values = []);
        }

        values.Add(value);
    }

    /// <summary>Those for which this was measured.</summary>
    public IEnumerable<string> Subjects(string metric) => _values.Keys.Where(k => k.Metric == metric).Select(k => k.Subject);

    /// <summary>NaN if nothing was measured.</summary>
    public double Median(string metric, string subject) => Median(Values(metric, subject));

    /// <summary>The median of the rounds' quotients.</summary>
    public double Ratio(string metric, string subject, string baseline) => Median(Pairs(metric, subject, baseline).Select(p => p.First / p.Second));

    /// <summary>The median of the rounds' differences.</summary>
    public double Difference(string metric, string subject, string baseline) => Median(Pairs(metric, subject, baseline).Select(p => p.First - p.Second));

    /// <summary>The lowest and the highest of the rounds' quotients.</summary>
    public (double Low, double High) RatioRange(string metric, string subject, string baseline)
    {
        var ratios = Pairs(metric, subject, baseline).Select(p => p.First / p.Second).DefaultIfEmpty(double.NaN).ToArray();
        return (ratios.Min(), ratios.Max());
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private List<double> Values(string metric, string subject) => _values.GetValueOrDefault((metric, subject)) ?? [];

    private IEnumerable<(double First, double Second)> Pairs(string metric, string subject, string baseline)
        => Values(metric, subject).Zip(Values(metric, baseline));
}
