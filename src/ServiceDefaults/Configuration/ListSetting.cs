namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>Several texts. There are none by default.</summary>
public sealed class ListSetting(string name, string allowed, string meaning) : Setting(name, null, allowed, meaning)
{
    /// <summary>
    /// The fields of an item that is no text but a section of its own, <c>Name</c> or <c>Limits:Requests</c>; empty if all items are texts. One that
    /// ends with <c>[]</c> is a list.
    /// </summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>True if each item has a name, which the operator chooses: <c>Budgets:Teams:research=100/month</c>.</summary>
    public bool IsNamed { get; init; }

    /// <summary>True if <paramref name="key"/>, <c>Access:Keys:0:Tags:1</c>, is a field of an item, or a named item.</summary>
    internal bool HasField(string key)
    {
        if (IsNamed)
        {
            return key.StartsWith(Name + ":", StringComparison.OrdinalIgnoreCase) && key.IndexOf(':', Name.Length + 1) < 0;
        }

        if (Fields.Count == 0 || !key.StartsWith(Name + ":", StringComparison.OrdinalIgnoreCase)
            || key.IndexOf(':', Name.Length + 1) is not (>= 0 and var colon))
        {
            return false;
        }

        var path = key[(colon + 1)..];
        var last = path.LastIndexOf(':');
        var list = last >= 0 && int.TryParse(path.AsSpan(last + 1), out _) ? path[..last] + "[]" : path + "[]";
        return Fields.Contains(path, StringComparer.OrdinalIgnoreCase) || Fields.Contains(list, StringComparer.OrdinalIgnoreCase);
    }
}
