using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>One item of a <see cref="ListSetting"/> that is a section of its own, <c>Access:Keys:0</c>.</summary>
public sealed class SettingsItem
{
    private readonly SettingsReader _reader;
    private readonly IConfigurationSection _section;

    internal SettingsItem(SettingsReader reader, IConfigurationSection section)
    {
        _reader = reader;
        _section = section;
    }

    /// <summary>The item's name, for messages.</summary>
    public string Path => _section.Path;

    /// <summary>A field's text; empty if it isn't set.</summary>
    public string Text(string field) => _section[field]?.Trim() ?? "";

    /// <summary>A field's texts: an array, or one text with spaces, commas or semicolons between.</summary>
    public IReadOnlyList<string> Texts(string field) => SettingsReader.TextsOf(_section.GetSection(field)) is { Length: > 0 } items
        ? items
        : SettingsReader.Split(Text(field));

    /// <summary>A field's text, or its texts with semicolons between.</summary>
    public string Joined(string field)
        => SettingsReader.TextsOf(_section.GetSection(field)) is { Length: > 0 } items ? string.Join(';', items) : Text(field);

    /// <summary>Records that a field is not what is allowed.</summary>
    /// <param name="field">The field.</param>
    /// <param name="value">What stands there, or the wrong part of it; null if it is not to be shown.</param>
    /// <param name="allowed">What may stand there.</param>
    public void Wrong(string field, string? value, string allowed)
        => _reader.AddError($"{Path}:{field} {(value is null ? "has a value that can't be used" : $"is '{value}'")}; allowed: {allowed}.");
}
