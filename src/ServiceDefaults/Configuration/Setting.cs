namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>One setting: its exact name, what it may be, and what it is for. The tables in docs/settings.md show these.</summary>
public abstract class Setting(string name, string? @default, string allowed, string meaning)
{
    /// <summary>Hierarchical name, <c>Access:AllowAnonymous</c>; as an environment variable <c>Access__AllowAnonymous</c>.</summary>
    public string Name => name;

    /// <summary>The value that holds when nothing is set, as text; a description where it is computed; <c>-</c> for none.</summary>
    public string Default { get; init; } = @default ?? "-";

    /// <summary>What may be written there, in words for an error message.</summary>
    public string Allowed { get; init; } = allowed;

    /// <summary>What it does, in one sentence.</summary>
    public string Meaning => meaning;

    /// <summary>Other names for the same setting, in order of precedence. The hierarchical name wins over all of them.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>True if the value must never be shown, not even in the message that says it is wrong.</summary>
    public bool Secret { get; init; }

    /// <summary>
    /// True if its section is another service's, of which this service reads this one setting: both may be given the same variables, so what
    /// else is set there is not unknown.
    /// </summary>
    public bool IsOfAnotherService { get; init; }

    /// <summary>True if a change takes effect without a restart.</summary>
    public bool Reloads { get; init; }

    /// <summary>True if it holds several values: written as one text with spaces or commas between, or as an array.</summary>
    public bool IsList => this is ListSetting;

    /// <summary>The first part of the name: the section it belongs to.</summary>
    public string Section => name[..name.IndexOf(':', StringComparison.Ordinal)];
}
