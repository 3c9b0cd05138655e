namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>True or false; <c>1</c>, <c>yes</c>, <c>on</c> and their opposites are understood, too.</summary>
public sealed class BoolSetting(string name, bool? @default, string meaning)
    : Setting<bool>(name, @default switch { true => "true", false => "false", null => null }, "true or false", meaning)
{
    internal override bool TryParse(string text, out bool value)
    {
        value = text.ToUpperInvariant() is "TRUE" or "1" or "YES" or "ON";
        return value || text.ToUpperInvariant() is "FALSE" or "0" or "NO" or "OFF";
    }
}
