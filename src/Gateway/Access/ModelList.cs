namespace OpenAIProxy.Gateway.Access;

/// <summary>Models that may be used, <c>gpt-4o</c> or <c>gpt-4o*</c>, by the names that requests say. Case counts.</summary>
internal sealed class ModelList
{
    private readonly string[] _patterns;

    private ModelList(IEnumerable<string> patterns) => _patterns = [.. patterns];

    /// <summary>The list of these patterns; null if they allow every model.</summary>
    public static ModelList? Of(IReadOnlyList<string> patterns) => patterns.Count == 0 || patterns.Contains("*") ? null : new ModelList(patterns);

    /// <summary>True if the model may be used. A text that no model is called by is none.</summary>
    public bool Allows(string model)
    {
        if (model.Length == 0 || model.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            return false;
        }

        foreach (var pattern in _patterns)
        {
            if (Matches(pattern, model))
            {
                return true;
            }
        }

        return false;
    }

    // Each star takes as little as it can; if that leads nowhere, the last one takes a character more. The ones before need not: what they took
    // is as short as can be.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> model)
    {
        var at = 0;
        var star = -1;
        var taken = 0;
        for (var i = 0; i < model.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                taken = i;
            }
            else if (at < pattern.Length && pattern[at] == model[i])
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++taken;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimEnd('*').IsEmpty;
    }
}
