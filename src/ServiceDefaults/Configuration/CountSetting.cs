using System.Globalization;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>A whole number, not negative.</summary>
public sealed class CountSetting(string name, int? @default, int min, int max, string meaning)
    : Setting<int>(name, @default?.ToString(CultureInfo.InvariantCulture), $"a whole number from {min} to {max}", meaning)
{
    internal override bool TryParse(string text, out int value)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;
}
