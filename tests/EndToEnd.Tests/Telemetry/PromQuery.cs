using System.Text.RegularExpressions;

namespace OpenAIProxy.EndToEnd.Tests.Telemetry;

/// <summary>The names in a query of Prometheus, as far as ours use its language.</summary>
/// <param name="Text">The query.</param>
internal sealed partial record PromQuery(string Text)
{
    private static readonly string[] Words = ["and", "by", "offset", "on", "or", "scalar", "unless", "without"];

    /// <summary>The series that it reads.</summary>
    public IEnumerable<string> Series
        => Name().Matches(Grouping().Replace(Braces().Replace(Range().Replace(Text, ""), " "), " ")).Select(m => m.Value)
            .Where(name => !Words.Contains(name)).Distinct();

    /// <summary>The labels that it asks for or groups by.</summary>
    public IEnumerable<string> Labels
        => Braces().Matches(Text).SelectMany(m => Matched().Matches(m.Value)).Select(m => m.Groups[1].Value)
            .Concat(Grouping().Matches(Text).SelectMany(m => m.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))).Distinct();

    // A name that is not a function's; sum by (le) is: its parenthesis stands behind the grouping, which is taken out.
    [GeneratedRegex(@"(?<![\w.])[a-z_]\w*(?![\w]|\s*\()")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"(\w+)\s*[=!]=?~?""")]
    private static partial Regex Matched();

    [GeneratedRegex(@"\b(?:by|without)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();

    // [5m], [$__rate_interval], offset 15m
    [GeneratedRegex(@"\[[^\]]*\]|\boffset \d+[smhd]\b")]
    private static partial Regex Range();
}
