using System.Globalization;
using System.Text.Json;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Pricing.Files;

/// <summary>Reads single values of a price file. What is wrong is noted, and nothing is returned for it.</summary>
internal sealed class Values(Problems problems)
{
    private const decimal Highest = 1_000_000m;
    private const byte MostDigits = 12;
    private const int LongestShown = 40;

    public string? Text(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: > 0 } text)
        {
            return text;
        }

        Wrong(path, value, "a text");
        return null;
    }

    /// <summary>A model's name.</summary>
    public string? Name(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 and <= UsageDimensions.LongestName } name
            && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return name;
        }

        Wrong(path, value, $"a model's name of at most {Invariant(UsageDimensions.LongestName)} characters without spaces");
        return null;
    }

    public string? OneOf(string path, JsonElement value, string[] allowed)
    {
        if (value.ValueKind == JsonValueKind.String && allowed.Contains(value.GetString()))
        {
            return value.GetString();
        }

        Wrong(path, value, string.Join(", ", allowed));
        return null;
    }

    public DateOnly? Date(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String
            && DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return date;
        }

        Wrong(path, value, "a day (UTC) such as 2026-11-17");
        return null;
    }

    /// <summary>US dollars.</summary>
    public decimal? Amount(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var amount) && amount is >= 0 and <= Highest && amount.Scale <= MostDigits)
        {
            return amount;
        }

        Wrong(path, value, $"US dollars, a number from 0 to {Invariant((int)Highest)} with at most {Invariant(MostDigits)} digits after the point");
        return null;
    }

    public decimal? Factor(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var factor) && factor is > 0 and <= 100 && factor.Scale <= MostDigits)
        {
            return factor;
        }

        Wrong(path, value, "a number above 0, at most 100");
        return null;
    }

    /// <summary>A service tier in whatever spelling, as it is looked up.</summary>
    public string? Tier(string path, string word)
    {
        if (word.Length is > 0 and <= UsageDimensions.LongestName && !word.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return PriceNames.Tier(word);
        }

        problems.Add(path, $"can't be a tier; allowed: a word of at most {Invariant(UsageDimensions.LongestName)} characters");
        return null;
    }

    public bool? YesOrNo(string path, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Wrong(path, value, "true, false");
        return null;
    }

    /// <summary>Tokens.</summary>
    public int? Count(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count is > 0 and <= (int)Highest)
        {
            return count;
        }

        Wrong(path, value, $"a whole number from 1 to {Invariant((int)Highest)}");
        return null;
    }

    public int? Boundary(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var tokens) && tokens > 0 && ContextSize.Boundaries.Contains(tokens))
        {
            return tokens;
        }

        // Requests are only told apart at these sizes when they are counted.
        Wrong(path, value, string.Join(", ", ContextSize.Boundaries.Where(b => b > 0).Select(Invariant)));
        return null;
    }

    public IReadOnlyList<string> Texts(string path, JsonElement value, Func<string, JsonElement, string?> read)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(path, value, "a list");
            return [];
        }

        return [.. value.EnumerateArray().Select((item, i) => read($"{path}[{Invariant(i)}]", item)).OfType<string>()];
    }

    /// <summary>An object whose properties are read one by one; those that can't be read are left out.</summary>
    public Dictionary<string, T> Map<T>(
        string path, JsonElement value, string[]? allowed, Func<string, JsonElement, T?> read, IEqualityComparer<string>? names = null)
        where T : struct
    {
        var map = new Dictionary<string, T>(names);
        foreach (var property in Properties(path, value, allowed))
        {
            if (read(LineNumbers.Below(path, property.Name), property.Value) is { } item)
            {
                map[property.Name] = item;
            }
        }

        return map;
    }

    /// <summary>The properties of an object, without those that aren't among <paramref name="allowed"/>; all if that is null.</summary>
    public IEnumerable<JsonProperty> Properties(string path, JsonElement value, string[]? allowed)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong(path, value, "an object");
            yield break;
        }

        foreach (var property in value.EnumerateObject())
        {
            if (allowed is null || allowed.Contains(property.Name))
            {
                yield return property;
            }
            else
            {
                problems.Add(LineNumbers.Below(path, property.Name), $"unknown property; allowed: {string.Join(", ", allowed)}");
            }
        }
    }

    private static string Invariant(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Wrong(string path, JsonElement value, string allowed)
    {
        var raw = value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            _ => value.GetRawText(),
        };
        problems.Add(path, $"{(raw.Length > LongestShown ? raw[..LongestShown] + "…" : raw)} can't be used; allowed: {allowed}");
    }
}
