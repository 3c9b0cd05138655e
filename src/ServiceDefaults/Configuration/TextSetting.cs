namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>A text as it is written, without spaces around it. It has no default.</summary>
public sealed class TextSetting(string name, string allowed, string meaning, Func<string, bool>? isAllowed = null)
    : Setting<string>(name, null, allowed, meaning)
{
    internal override bool TryParse(string text, out string? value)
    {
        value = text;
        return isAllowed?.Invoke(text) != false;
    }
}
