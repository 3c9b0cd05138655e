using System.Text.RegularExpressions;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>A Markdown file of this tree, as far as the tests look at it.</summary>
internal sealed partial record Document(string File)
{
    /// <summary>What users read, in English and in Chinese.</summary>
    public static IReadOnlyList<(string English, string Chinese)> Pairs { get; } =
    [
        ("README.md", "README.zh-CN.md"),
        ("SECURITY.md", "docs/zh-CN/SECURITY.md"),
        .. Directory.GetFiles(Tree.PathTo("docs"), "*.md").Select(Path.GetFileName).Where(name => name != ForContributors).Order()
            .Select(name => ($"docs/{name}", $"docs/zh-CN/{name}")),
    ];

    /// <summary>Every document.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Files("", SearchOption.TopDirectoryOnly), .. Files("docs", SearchOption.AllDirectories), .. Files("tests", SearchOption.TopDirectoryOnly),
    ];

    private const string ForContributors = "develop.md";

    public string Text { get; } = System.IO.File.ReadAllText(Tree.PathTo(File));

    /// <summary>Its text without blocks of code.</summary>
    public string Prose => CodeBlock.Whole().Replace(Text, "");

    /// <summary>The headings, with their level: <c>## Settings</c>.</summary>
    public IEnumerable<string> Headings => Heading().Matches(Prose).Select(m => m.Value);

    /// <summary>The names by which links lead to a heading, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors
        => Headings.Select(heading => NoneOfAnchor().Replace(heading.TrimStart('#').Trim(), "").Replace(' ', '-').ToLowerInvariant());

    /// <summary>The targets of its links.</summary>
    public IEnumerable<string> Links => Link().Matches(Prose).Select(m => m.Groups[1].Value);

    /// <summary>The blocks of code.</summary>
    public IEnumerable<CodeBlock> Blocks => CodeBlock.Of(this);

    /// <summary>The rows of its tables: the cells of each, without the lines under the heads.</summary>
    public IEnumerable<string[]> Rows => Row().Matches(Prose).Select(m => Cell().Split(m.Groups[1].Value).Select(c => c.Trim()).ToArray())
        .Where(cells => !cells.All(c => c.Length > 0 && c.All(character => character is '-' or ':')));

    /// <summary>What stands between backticks in a text.</summary>
    public static IEnumerable<string> Code(string text) => Span().Matches(text).Select(m => m.Groups[1].Value);

    private static IEnumerable<string> Files(string folder, SearchOption option)
        => Directory.GetFiles(Tree.PathTo(folder), "*.md", option).Select(file => Path.GetRelativePath(Tree.Root, file)).Order();

    [GeneratedRegex("^#{1,6} .*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NoneOfAnchor();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\|(.*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    // A bar within a cell is written \|.
    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Cell();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();
}
