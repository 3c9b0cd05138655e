using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>
/// Reads settings strictly: an impossible value or an unknown name under one of the service's own sections is an error.
/// All errors are collected; <see cref="ThrowIfInvalid"/> reports them together.
/// </summary>
public sealed class SettingsReader
{
    private static readonly char[] ListSeparators = [' ', ',', '\t', '\r', '\n', ';'];

    private readonly IConfiguration _configuration;
    private readonly Dictionary<string, Setting> _known;
    private readonly List<string> _errors = [];

    /// <summary>Creates a reader for the settings in <paramref name="known"/>, and looks for names that are none of them.</summary>
    public SettingsReader(IConfiguration configuration, IEnumerable<Setting> known)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(known);
        _configuration = configuration;
        _known = known.ToDictionary(s => s.Name, StringComparer.OrdinalIgnoreCase);
        _errors.AddRange(UnknownSettings.Find(configuration, _known));
    }

    /// <summary>Adds an error that only the caller can see, such as two settings that exclude each other.</summary>
    public void AddError(string message) => _errors.Add(message);

    /// <summary>Throws a <see cref="SettingsException"/> with all errors, if there are any.</summary>
    public void ThrowIfInvalid()
    {
        if (_errors.Count > 0)
        {
            throw new SettingsException(_errors);
        }
    }

    /// <summary>The text as set, trimmed, under the name or one of its aliases; null if it is not set or empty.</summary>
    public string? Text(string name) => Find(name).Value;

    /// <summary>True or false; <paramref name="fallback"/> if not set.</summary>
    public bool Bool(string name, bool fallback) => BoolOrNull(name) ?? fallback;

    /// <summary>True or false; null if not set.</summary>
    public bool? BoolOrNull(string name)
    {
        var (value, usedName) = Find(name);
        switch (value?.ToUpperInvariant())
        {
            case null: return null;
            case "TRUE" or "1" or "YES" or "ON": return true;
            case "FALSE" or "0" or "NO" or "OFF": return false;
            default:
                Wrong(name, usedName, value);
                return null;
        }
    }

    /// <summary>A length of time from <paramref name="min"/> to <paramref name="max"/>, written as <see cref="Durations"/> says.</summary>
    public TimeSpan Duration(string name, TimeSpan fallback, TimeSpan min, TimeSpan max)
    {
        var (value, usedName) = Find(name);
        if (value is null)
        {
            return fallback;
        }

        if (Durations.TryParse(value, out var duration) && duration >= min && duration <= max)
        {
            return duration;
        }

        Wrong(name, usedName, value);
        return fallback;
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>; null if not set.</summary>
    public int? Count(string name, int min, int max)
    {
        var (value, usedName) = Find(name);
        if (value is null)
        {
            return null;
        }

        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= min && count <= max)
        {
            return count;
        }

        Wrong(name, usedName, value);
        return null;
    }

    /// <summary>A number of bytes from 0 to <paramref name="max"/>, written as <see cref="Sizes"/> says.</summary>
    public long Size(string name, long fallback, long max)
    {
        var (value, usedName) = Find(name);
        if (value is null)
        {
            return fallback;
        }

        if (Sizes.TryParse(value, out var bytes) && bytes <= max)
        {
            return bytes;
        }

        Wrong(name, usedName, value);
        return fallback;
    }

    /// <summary>One of the names of <typeparamref name="T"/>, in any case.</summary>
    public T OneOf<T>(string name, T fallback) where T : struct, Enum
    {
        var (value, usedName) = Find(name);
        if (value is null)
        {
            return fallback;
        }

        // Enum.TryParse takes numbers too; a number is not a name.
        if (!char.IsAsciiDigit(value[0]) && value[0] != '-' && Enum.TryParse<T>(value, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed))
        {
            return parsed;
        }

        Wrong(name, usedName, value);
        return fallback;
    }

    /// <summary>An absolute address with one of the <paramref name="schemes"/>; null if not set.</summary>
    public Uri? Address(string name, params ReadOnlySpan<string> schemes)
    {
        var (value, usedName) = Find(name);
        if (value is null)
        {
            return null;
        }

        if (Uri.TryCreate(value, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme) && uri.Host.Length > 0)
        {
            return uri;
        }

        Wrong(name, usedName, value);
        return null;
    }

    /// <summary>All values of a list: an array in the configuration, or one text with spaces, commas or semicolons between.</summary>
    public IReadOnlyList<string> List(string name)
    {
        var items = _configuration.GetSection(name).GetChildren().Select(c => c.Value?.Trim()).OfType<string>().Where(v => v.Length > 0).ToArray();
        return items.Length > 0 ? items : Text(name)?.Split(ListSeparators, StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    /// <summary>Records that the value of <paramref name="name"/> is not what is allowed there.</summary>
    public void Wrong(string name, string? value = null) => Wrong(name, Find(name).UsedName, value);

    private void Wrong(string name, string usedName, string? value)
    {
        var setting = _known[name];
        var shown = setting.Secret || value is null ? "has a value that can't be used" : $"is '{value}'";
        _errors.Add($"{usedName} {shown}; allowed: {setting.Allowed}.");
    }

    private (string? Value, string UsedName) Find(string name)
    {
        var setting = _known[name];
        foreach (var candidate in setting.Aliases.Prepend(setting.Name))
        {
            if (_configuration[candidate]?.Trim() is { Length: > 0 } value)
            {
                return (value, candidate);
            }
        }

        return (null, setting.Name);
    }
}
