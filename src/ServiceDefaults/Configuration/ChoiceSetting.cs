namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>One of a few names, each with a note for people or null. The first is the default; a second name of the same value is not shown.</summary>
public sealed class ChoiceSetting<T>(string name, string meaning, params (string Name, T Value, string? Note)[] choices)
    : Setting<T>(name, choices[0].Name, Join(choices), meaning)
{
    internal override bool TryParse(string text, out T? value)
    {
        var at = Array.FindIndex(choices, choice => choice.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
        value = at < 0 ? default : choices[at].Value;
        return at >= 0;
    }

    private static string Join((string Name, T Value, string? Note)[] choices)
    {
        var texts = choices.DistinctBy(c => c.Value).Select(c => c.Note is null ? c.Name : $"{c.Name} ({c.Note})").ToArray();
        return $"{string.Join(", ", texts[..^1])} or {texts[^1]}";
    }
}
