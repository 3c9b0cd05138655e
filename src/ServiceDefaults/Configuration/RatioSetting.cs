using System.Globalization;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>A share of a whole: a number from 0 to 1 with a point for fractions, such as 0.05.</summary>
public sealed class RatioSetting(string name, string @default, string meaning)
    : Setting<double>(name, @default, "a number from 0 to 1, such as 0.05", meaning)
{
    internal override bool TryParse(string text, out double value)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value is >= 0 and <= 1;
}
