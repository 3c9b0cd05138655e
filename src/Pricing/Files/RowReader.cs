using System.Collections.Frozen;
using System.Text.Json;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Files;

/// <summary>Reads a row of a price file.</summary>
internal sealed class RowReader(Problems problems, Values values, bool isOwn)
{
    private static readonly string[] Known =
    [
        "model", "from", "kind", "also", "reasoning", "tokens", "longContext", "tierFactors", "regionalFactor", "inputPerCall", "perMinute",
        "per1MCharacters", "perCall", "perCallReasoning", "perCallBySize", "perImage", "perVideoSecond", "perSearchCall", "unknown", "derived",
        "promotionUntil", "shutdown", "note", "source", "confidence",
    ];

    private readonly TierReader _tiers = new(problems, values, isOwn);

    /// <summary>The row at <paramref name="path"/>; null if it names no model. What is wrong in it is noted and left out.</summary>
    public PriceRow? Read(string path, JsonElement value, IReadOnlyDictionary<string, string> sources)
    {
        problems.Model = value.ValueKind == JsonValueKind.Object && value.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String
            ? model.GetString()! : "";
        var row = new PriceRow { Model = "", IsOwn = isOwn };
        var named = false;
        foreach (var property in values.Properties(path, value, Known))
        {
            named |= property.NameEquals("model");
            row = Set(row, property.Name, LineNumbers.Below(path, property.Name), property.Value, sources);
        }

        if (!named && value.ValueKind == JsonValueKind.Object)
        {
            problems.Add(path, "has no model; allowed: a model's name");
        }

        if (row is { LongAbove: not null, Tokens.Count: 0 })
        {
            problems.Add(LineNumbers.Below(path, "longContext"), "has no meaning without tokens");
        }

        row = _tiers.WithFactors(row, path);
        problems.Model = "";
        return row.Model.Length == 0 ? null : row with
        {
            BillsCacheWrites = row.Unknown.Contains("cacheWrite")
                || row.Tokens.GetValueOrDefault(ServiceTier.Default) is { CacheWrite: not null } or { CacheWrite12h: not null },
        };
    }

    private PriceRow Set(PriceRow row, string name, string path, JsonElement value, IReadOnlyDictionary<string, string> sources) => name switch
    {
        "model" => row with { Model = values.Name(path, value) ?? "" },
        "from" => row with { From = values.Date(path, value) ?? default },
        "kind" => row with { Kind = values.OneOf(path, value, PriceNames.Kinds) ?? row.Kind },
        "also" => row with { Also = values.Texts(path, value, values.Name) },
        "reasoning" => row with { Reasons = values.YesOrNo(path, value) },
        "tokens" => row with { Tokens = _tiers.Tokens(path, value) },
        "longContext" => _tiers.LongContext(row, path, value),
        "tierFactors" => row with { TierFactors = _tiers.Factors(path, value) },
        "regionalFactor" => row with { RegionalFactor = values.Factor(path, value) ?? 1m },
        "inputPerCall" => row with { InputPerCall = InputPerCall(path, value) },
        "perMinute" => row with { PerMinute = values.Amount(path, value) },
        "per1MCharacters" => row with { Per1MCharacters = values.Amount(path, value) },
        "perCall" => row with { PerCall = values.Amount(path, value) },
        "perCallReasoning" => row with { PerCallReasoning = values.Amount(path, value) },
        "perCallBySize" => row with { PerCallBySize = Sizes(path, value) },
        "perImage" => row with { PerImage = Sizes(path, value) },
        "perVideoSecond" => row with { PerVideoSecond = Sizes(path, value) },
        "perSearchCall" => row with { PerSearchCall = Sizes(path, value) },
        "unknown" => row with
        {
            Unknown = values.Texts(path, value, (p, v) => values.OneOf(p, v, PriceNames.Declarable)).ToFrozenSet(),
        },
        "derived" => row with { Derived = values.Texts(path, value, values.Text) },
        "promotionUntil" => row with { PromotionUntil = values.Date(path, value) },
        "shutdown" => row with { Shutdowns = Shutdowns(path, value) },
        "note" => row with { Note = values.Text(path, value) },
        "source" => row with { Source = values.Text(path, value) is { } source ? sources.GetValueOrDefault(source, source) : null },
        _ => row with { Confidence = values.OneOf(path, value, PriceNames.Confidences) },
    };

    // Of all names of the model, or of some: snapshots may end before the name that moves on to the next.
    private FrozenDictionary<string, DateOnly> Shutdowns(string path, JsonElement value)
    {
        var ends = value.ValueKind == JsonValueKind.Object
            ? values.Map(path, value, null, values.Date, StringComparer.OrdinalIgnoreCase)
            : values.Date(path, value) is { } end ? new() { [PriceNames.Any] = end } : [];
        return ends.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private FrozenDictionary<string, int> InputPerCall(string path, JsonElement value)
        => values.Map(path, value, null, values.Count, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private FrozenDictionary<string, decimal> Sizes(string path, JsonElement value)
        => values.Map(path, value, null, values.Amount, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
