using System.Text.RegularExpressions;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>What .editorconfig and CONTRIBUTING.md say of a line of code, and no analyzer checks.</summary>
public sealed partial class SourceLinesTests
{
    private const int Longest = 160;

    private static readonly (string Place, string Text)[] Lines =
        [.. ((string[])["src", "tests", "bench"]).SelectMany(folder => Directory.GetFiles(Tree.PathTo(folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Tree.PathTo(""), path).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(Code)];

    // A message, a sample or a link is not broken into pieces for this: it would not be found any more by its text.
    [Fact]
    public void Line_WithoutALongText_HasAtMost160Characters()
    {
        Assert.Contains($"max_line_length = {Longest}", File.ReadAllText(Tree.PathTo(".editorconfig")), StringComparison.Ordinal);
        Assert.True(Lines.Length > 10_000);
        Assert.Empty(Lines.Where(line => line.Text.Length > Longest && !LongText().IsMatch(line.Text)).Select(line => line.Place));
    }

    [Fact]
    public void Assignment_OfSeveralValues_IsOneToALine()
        => Assert.Empty(Lines.Where(line => line.Place.StartsWith("src/", StringComparison.Ordinal) && Assignments().IsMatch(line.Text))
            .Select(line => line.Place));

    [Fact]
    public void Member_WithItsBodyOnTheNextLine_HasTheArrowThere()
        => Assert.Empty(Lines.Zip(Lines.Skip(1)).Where(pair => ArrowAtTheEnd().IsMatch(pair.First.Text) && !Bracket().IsMatch(pair.Second.Text))
            .Select(pair => pair.First.Place));

    // Without the lines inside raw strings.
    private static IEnumerable<(string Place, string Text)> Code(string file)
    {
        var isText = false;
        var number = 0;
        foreach (var line in File.ReadLines(Tree.PathTo(file)))
        {
            number++;
            if (!isText)
            {
                yield return ($"{file}:{number}", line);
            }

            isText ^= RawMark().Count(line) % 2 != 0;
        }
    }

    [GeneratedRegex("\"\"\"")]
    private static partial Regex RawMark();

    [GeneratedRegex("""
        ://|"{3}|^([^"]|"(\\.|[^"\\]){0,37}")*"(\\.|[^"\\]){38,}"
        """)]
    private static partial Regex LongText();

    [GeneratedRegex(@"^\s*\([^()]*,[^()]*\) = \(")]
    private static partial Regex Assignments();

    [GeneratedRegex(@"^\s+(public|private|internal|protected)\b[^{]*=>\s*$")]
    private static partial Regex ArrowAtTheEnd();

    [GeneratedRegex("^\\s*[\\[{\"$]")]
    private static partial Regex Bracket();
}
