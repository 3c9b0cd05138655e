namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>One setting as people see it: its exact name, what it may be, and what it is for. The tables in docs/settings.md show these.</summary>
/// <param name="Name">Hierarchical name, <c>Access:AllowAnonymous</c>; as an environment variable <c>Access__AllowAnonymous</c>.</param>
/// <param name="Default">The value that holds when nothing is set, as text; <c>-</c> for none.</param>
/// <param name="Allowed">What may be written there, in words for an error message.</param>
/// <param name="Meaning">What it does, in one sentence.</param>
public sealed record Setting(string Name, string Default, string Allowed, string Meaning)
{
    /// <summary>Other names for the same setting, in order of precedence. The hierarchical name wins over all of them.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>True if the value must never be shown, not even in the message that says it is wrong.</summary>
    public bool Secret { get; init; }

    /// <summary>True if it holds several values: written as one text with spaces or commas between, or as an array.</summary>
    public bool IsList { get; init; }

    /// <summary>
    /// True if its section is another service's, of which this service reads this one setting: both may be given the same variables, so what
    /// else is set there is not unknown.
    /// </summary>
    public bool IsOfAnotherService { get; init; }

    /// <summary>The first part of the name: the section it belongs to.</summary>
    public string Section => Name[..Name.IndexOf(':', StringComparison.Ordinal)];
}
