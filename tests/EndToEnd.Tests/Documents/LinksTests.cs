using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>What the documents point to is there.</summary>
public sealed class LinksTests
{
    public static TheoryData<string> Files { get; } = [.. Document.All];

    [Theory]
    [MemberData(nameof(Files))]
    public void Links_WithinTheRepository_LeadToAFileAndAHeading(string file)
    {
        foreach (var link in new Document(file).Links.Where(link => !link.Contains("://", StringComparison.Ordinal)))
        {
            var parts = link.Split('#');
            var path = parts[0].Length == 0 ? Tree.PathTo(file) : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Tree.PathTo(file))!, parts[0]));

            Assert.True(Path.Exists(path), link);
            Assert.True(parts.Length == 1 || new Document(path).Anchors.Contains(parts[1]), link);
        }
    }

    [Theory]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/zh-CN/architecture.md")]
    [InlineData("docs/develop.md")]
    [InlineData("tests/README.md")]
    public void Folders_InTables_Exist(string file)
    {
        var folders = new Document(file).Rows.SelectMany(cells => cells).SelectMany(Document.Code)
            .Where(text => text.StartsWith("src/", StringComparison.Ordinal) || text.StartsWith("tests/", StringComparison.Ordinal)).ToArray();

        Assert.All(folders, folder => Assert.True(Path.Exists(Tree.PathTo(folder)), folder));
    }

    [Fact]
    public void Projects_OfTests_AreInTheirTable()
    {
        var named = new Document("tests/README.md").Rows.SelectMany(cells => cells).SelectMany(Document.Code).ToHashSet();

        Assert.All(Directory.GetDirectories(Tree.PathTo("tests")), folder => Assert.Contains($"tests/{Path.GetFileName(folder)}", named));
    }
}
