using System.Text.RegularExpressions;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>The guide to Azure says the same in both languages, and nothing that the files in deploy/aca don't know.</summary>
public sealed partial class DeployGuideTests
{
    private const string English = "docs/deploy.md";
    private const string Chinese = "docs/zh-CN/deploy.md";

    [Fact]
    public void Commands_InBothLanguages_AreTheSame()
    {
        var commands = Code().Matches(Read(English)).Select(m => m.Value).ToArray();

        Assert.NotEmpty(commands);
        Assert.Equal(commands, Code().Matches(Read(Chinese)).Select(m => m.Value));
    }

    [Theory]
    [InlineData(English)]
    [InlineData(Chinese)]
    public void Variables_OfTheParameterFile_AreInTheGuide(string guide)
    {
        var text = Read(guide);
        var variables = Variable().Matches(Read("deploy/aca/main.bicepparam")).Select(m => m.Groups[1].Value).ToArray();

        Assert.NotEmpty(variables);
        Assert.All(variables, v => Assert.Contains(v, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(English)]
    [InlineData(Chinese)]
    public void Links_ToFilesOfTheRepository_LeadSomewhere(string guide)
    {
        var folder = Path.GetDirectoryName(Tree.PathTo(guide))!;
        var links = Link().Matches(Read(guide)).Select(m => m.Groups[1].Value).Where(l => !l.Contains("://", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(links);
        Assert.All(links, l => Assert.True(Path.Exists(Path.Combine(folder, l.Split('#')[0])), l));
    }

    private static string Read(string file) => File.ReadAllText(Tree.PathTo(file));

    [GeneratedRegex("^```bash\n.*?^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex(@"readEnvironmentVariable\('(\w+)'")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
