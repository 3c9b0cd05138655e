namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>A file or folder. It is read as the full path, from the folder in which the service was started.</summary>
public sealed class PathSetting(string name, string? @default, string allowed, string meaning) : Setting<string>(name, @default, allowed, meaning)
{
    internal override bool TryParse(string text, out string? value)
    {
        value = Path.GetFullPath(text);
        return true;
    }
}
