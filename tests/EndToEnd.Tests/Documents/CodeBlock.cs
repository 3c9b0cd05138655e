using System.Text.RegularExpressions;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>A block of code in a document. The line before one of commands may say why no test runs it: <c>&lt;!-- not run: needs Azure --&gt;</c>.</summary>
/// <param name="File">The document.</param>
/// <param name="Language">What stands behind the opening fence.</param>
/// <param name="Text">What is between the fences.</param>
/// <param name="NotRun">Why no test runs it; empty if there is no such line.</param>
internal sealed partial record CodeBlock(string File, string Language, string Text, string NotRun)
{
    /// <summary>True if a reader pastes it into a shell.</summary>
    public bool IsForAShell => Language == "bash";

    /// <summary>True if it shows something by lines and arrows.</summary>
    public bool IsDrawing => Language == "mermaid" || (Language.Length == 0 && Text.Contains("──►", StringComparison.Ordinal));

    /// <summary>Its commands, each in one line. Loops are not understood.</summary>
    public IEnumerable<string> Commands
        => Continued().Replace(Text, " ").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'));

    public static IEnumerable<CodeBlock> Of(Document document) => Whole().Matches(document.Text).Select(m => new CodeBlock(
        document.File, m.Groups["language"].Value, m.Groups["text"].Value, m.Groups["reason"].Value));

    [GeneratedRegex("^(?:<!-- not run: *(?<reason>.*?) *-->\n)?```(?<language>[^\n]*)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    internal static partial Regex Whole();

    [GeneratedRegex(@"\\\n *")]
    private static partial Regex Continued();
}
