using System.Collections.Frozen;
using System.Text.Json;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Files;

/// <summary>
/// Reads what depends on the service tier. Our own prices name OpenAI's tiers; in an operator's file any word may be one, since other servers
/// have other tiers.
/// </summary>
internal sealed class TierReader(Problems problems, Values values, bool isOwn)
{
    private const string Above = "above";
    private const string Excludes = "excludes";

    public FrozenDictionary<string, TokenPrices> Tokens(string path, JsonElement value) => Prices(path, value, []);

    /// <summary>Sets everything about long requests in <paramref name="row"/>.</summary>
    public PriceRow LongContext(PriceRow row, string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && !value.TryGetProperty(Above, out _))
        {
            problems.Add(path, $"has no {Above}: the input tokens above which these prices hold");
            return row;
        }

        var isObject = value.ValueKind == JsonValueKind.Object;
        var tiers = Prices(path, value, [Above, Excludes]);
        var excludes = isObject && value.TryGetProperty(Excludes, out var names)
            ? values.Texts(LineNumbers.Below(path, Excludes), names, Name).ToFrozenSet() : FrozenSet<string>.Empty;
        foreach (var tier in excludes.Where(tiers.ContainsKey))
        {
            problems.Add(LineNumbers.Below(path, Excludes), $"{tier} has prices of long requests, so it can't be excluded from them");
        }

        return row with
        {
            LongAbove = isObject ? values.Boundary(LineNumbers.Below(path, Above), value.GetProperty(Above)) : null,
            LongTokens = tiers,
            LongExcludes = excludes,
        };
    }

    public FrozenDictionary<string, decimal> Factors(string path, JsonElement value)
        => Tiers(path, value, []).Select(t => (t.Tier, Factor: values.Factor(LineNumbers.Below(path, t.Name), t.Value)))
            .Where(t => t.Factor is not null).ToFrozenDictionary(t => t.Tier, t => t.Factor!.Value);

    /// <summary>The row with the prices that its factors make. What is listed for a tier comes before its factor.</summary>
    public PriceRow WithFactors(PriceRow row, string path)
    {
        if (row.TierFactors.Count > 0 && !row.Tokens.ContainsKey(ServiceTier.Default))
        {
            problems.Add(LineNumbers.Below(path, "tierFactors"), $"has no meaning without tokens.{ServiceTier.Default}");
        }

        return row with
        {
            Tokens = Multiplied(row.Tokens, row.TierFactors, FrozenSet<string>.Empty),
            LongTokens = Multiplied(row.LongTokens, row.TierFactors, row.LongExcludes),
        };
    }

    private static FrozenDictionary<string, TokenPrices> Multiplied(
        FrozenDictionary<string, TokenPrices> tiers, FrozenDictionary<string, decimal> factors, FrozenSet<string> excludes)
    {
        if (factors.Count == 0 || !tiers.TryGetValue(ServiceTier.Default, out var usual))
        {
            return tiers;
        }

        var all = tiers.ToDictionary();
        foreach (var (tier, factor) in factors.Where(f => !excludes.Contains(f.Key)))
        {
            all.TryAdd(tier, usual.Times(factor));
        }

        return all.ToFrozenDictionary();
    }

    private FrozenDictionary<string, TokenPrices> Prices(string path, JsonElement value, string[] others)
        => Tiers(path, value, others).ToFrozenDictionary(
            t => t.Tier, t => TokenPrices.From(values.Map(LineNumbers.Below(path, t.Name), t.Value, PriceNames.TokenKinds, values.Amount)));

    private List<(string Tier, string Name, JsonElement Value)> Tiers(string path, JsonElement value, string[] others)
    {
        var tiers = new List<(string Tier, string Name, JsonElement Value)>();
        foreach (var property in values.Properties(path, value, isOwn ? null : [.. others, .. PriceNames.Tiers]).DistinctBy(p => p.Name))
        {
            var place = LineNumbers.Below(path, property.Name);
            if (others.Contains(property.Name) || values.Tier(place, property.Name) is not { } tier)
            {
                continue;
            }

            if (tiers.FirstOrDefault(t => t.Tier == tier) is { Name: { } other })
            {
                problems.Add(place, $"{property.Name} and {other} are one tier");
                continue;
            }

            tiers.Add((tier, property.Name, property.Value));
        }

        return tiers;
    }

    private string? Name(string path, JsonElement value)
        => isOwn ? values.Name(path, value) is { } name ? PriceNames.Tier(name) : null : values.OneOf(path, value, PriceNames.Tiers);
}
