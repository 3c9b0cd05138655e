namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>What users read says the same in both languages, as far as a machine can tell.</summary>
public sealed class LanguagesTests
{
    public static TheoryData<string, string> Pairs { get; } = [.. Document.Pairs.Select(p => new TheoryDataRow<string, string>(p.English, p.Chinese))];

    [Fact]
    public void Documents_InChinese_HaveEachAnEnglishOne()
        => Assert.Equal(
            Document.Pairs.Select(p => p.Chinese).Order(),
            Document.All.Where(file => file.Contains("zh-CN", StringComparison.Ordinal)).Order());

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Headings_InBothLanguages_AreOfTheSameLevels(string english, string chinese)
        => Assert.Equal(Levels(english), Levels(chinese));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Tables_InBothLanguages_HaveTheSameRowsAndNames(string english, string chinese)
    {
        var (rows, theirs) = (new Document(english).Rows.ToArray(), new Document(chinese).Rows.ToArray());

        Assert.Equal(rows.Select(cells => cells.Length), theirs.Select(cells => cells.Length));
        Assert.All(rows.Zip(theirs), pair => Assert.Equal(Names(pair.First), Names(pair.Second)));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void CodeBlocks_InBothLanguages_AreTheSame(string english, string chinese)
        => Assert.Equal(Code(english), Code(chinese));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Documents_OfBothLanguages_LeadToEachOther(string english, string chinese)
    {
        Assert.Contains(Path.GetRelativePath(FolderOf(english), chinese), new Document(english).Links);
        Assert.Contains(Path.GetRelativePath(FolderOf(chinese), english), new Document(chinese).Links);
    }

    private static IEnumerable<int> Levels(string file) => new Document(file).Headings.Select(heading => heading.IndexOf(' ', StringComparison.Ordinal));

    // In another language they may come in another order.
    private static IEnumerable<string> Names(string[] cells) => cells.SelectMany(Document.Code).Order(StringComparer.Ordinal);

    // The words in a diagram are translated.
    private static IEnumerable<(string, string)> Code(string file)
        => new Document(file).Blocks.Select(block => (block.Language, block.IsDrawing ? "" : block.Text));

    private static string FolderOf(string file) => Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : ".";
}
