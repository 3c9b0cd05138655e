using System.Globalization;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Limits.Stores;

namespace OpenAIProxy.Gateway.Limits.Rules;

/// <summary>Limits as they are written, read: rules but for whose they are.</summary>
internal sealed class LimitTerms
{
    private readonly (LimitMeasure Measure, RateLimit Limit)[] _rates;
    private readonly ConcurrencyLimit? _concurrency;

    /// <param name="limits">Those of one kind of callers. What can't be read was refused where it was set.</param>
    public LimitTerms(KeyLimits limits)
    {
        _rates =
        [
            .. Read(LimitMeasure.Requests, limits.Requests), .. Read(LimitMeasure.Tokens, limits.Tokens),
            .. Read(LimitMeasure.InputTokens, limits.InputTokens), .. Read(LimitMeasure.OutputTokens, limits.OutputTokens),
        ];
        _concurrency = ConcurrencyLimit.TryParse(limits.Concurrency, out var concurrency) ? concurrency : null;
    }

    /// <summary>True if there are none.</summary>
    public bool IsEmpty => _rates.Length == 0 && _concurrency is null;

    /// <summary>The rules of one who is under them.</summary>
    /// <param name="scope">Who shares them.</param>
    /// <param name="who">Whose they are: an id or a hash.</param>
    public IEnumerable<LimitRule> For(LimitScope scope, string who)
    {
        foreach (var (measure, limit) in _rates)
        {
            var name = string.Create(
                CultureInfo.InvariantCulture, $"{Short(scope)}:{who}:{Short(measure)}:{limit.Window.TotalSeconds}{(limit.IsShadow ? ":shadow" : "")}");
            yield return new LimitRule(new Counter(name, CounterKind.Sliding, limit.Amount, limit.Window, limit.IsShadow), measure, scope);
        }

        if (_concurrency is { } places)
        {
            var name = $"{Short(scope)}:{who}:{Short(LimitMeasure.Concurrency)}{(places.IsShadow ? ":shadow" : "")}";
            yield return new LimitRule(
                new Counter(name, CounterKind.Concurrency, places.Amount, TimeSpan.Zero, places.IsShadow), LimitMeasure.Concurrency, scope);
        }
    }

    // Two limits of one window would be counted under one name: the smaller one holds.
    private static IEnumerable<(LimitMeasure Measure, RateLimit Limit)> Read(LimitMeasure measure, string text)
        => !RateLimit.TryParse(text, out var limits)
            ? []
            : limits.GroupBy(limit => (limit.Window, limit.IsShadow)).Select(same => (measure, same.MinBy(limit => limit.Amount)!));

    private static string Short(LimitScope scope) => scope switch
    {
        LimitScope.Key => "key",
        LimitScope.Team => "team",
        LimitScope.Address => "address",
        _ => "total",
    };

    private static string Short(LimitMeasure measure) => measure switch
    {
        LimitMeasure.Requests => "requests",
        LimitMeasure.Tokens => "tokens",
        LimitMeasure.InputTokens => "input",
        LimitMeasure.OutputTokens => "output",
        _ => "concurrency",
    };
}
