using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>What the README and the page of settings say is what the code does.</summary>
public sealed class ReadmeTests
{
    private const string English = "README.md";
    private const string Chinese = "README.zh-CN.md";
    private const string EnglishSettings = "docs/settings.md";
    private const string ChineseSettings = "docs/zh-CN/settings.md";
    private const string AsForTheGateway = "as for the gateway";
    private const int MostLines = 150;

    public static TheoryData<string> Names { get; } = [.. SettingsRow.Settings.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Table_OfSettings_HasEachWithItsAliasesDefaultAndRange(string name)
    {
        var setting = Find(name);
        var rows = Rows(EnglishSettings, name);

        Assert.All(rows, row => Assert.Equal(setting.Aliases, row.Aliases));
        Assert.All(rows, row => Assert.Equal(setting.Default, row.Default));
        Assert.All(rows, row => Assert.True(row.Allowed == setting.Allowed || row.Allowed == AsForTheGateway, row.Allowed));
        Assert.Equal(setting.Allowed, rows[0].Allowed);
        Assert.All(rows, row => Assert.NotEmpty(row.Meaning));
        Assert.All(rows, row => Assert.Equal(setting.Reloads, row.Reloads));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ChineseTable_OfSettings_HasEachWithItsAliasesAndDefault(string name)
    {
        var setting = Find(name);
        var rows = Rows(ChineseSettings, name);

        Assert.All(rows, row => Assert.Equal(setting.Aliases, row.Aliases));
        Assert.All(rows, row => Assert.Contains(row.Meaning, IsChinese));
        Assert.All(rows, row => Assert.Equal(setting.Reloads, row.Reloads));
        // A default of several words is a description, not a value.
        Assert.All(rows, row => Assert.True(setting.Default.Contains(' ') ? row.Default.Any(IsChinese) : row.Default == setting.Default, row.Default));
    }

    [Theory]
    [InlineData(EnglishSettings)]
    [InlineData(ChineseSettings)]
    public void Table_OfSettings_NamesNoneThatDoesNotExist(string file)
        => Assert.Empty(SettingsRow.Read(file).Select(r => r.Name).Except(SettingsRow.Settings.Select(s => s.Name)));

    [Theory]
    [InlineData(English, "dotnet run --project src/AppHost")]
    [InlineData(English, "./test.sh")]
    [InlineData(Chinese, "dotnet run --project src/AppHost")]
    [InlineData(Chinese, "./test.sh")]
    public void Readme_ToRunAndToTest_NamesTheCommand(string file, string command)
        => Assert.Contains(command, File.ReadAllText(Tree.PathTo(file)), StringComparison.Ordinal);

    [Theory]
    [InlineData(English)]
    [InlineData(Chinese)]
    public void Readme_OfEachLanguage_IsShort(string file) => Assert.InRange(File.ReadLines(Tree.PathTo(file)).Count(), 1, MostLines);

    // A setting of both services may stand in the table of each.
    private static SettingsRow[] Rows(string file, string name)
    {
        SettingsRow[] rows = [.. SettingsRow.Read(file).Where(r => r.Name == name)];
        Assert.NotEmpty(rows);
        return rows;
    }

    private static Setting Find(string name) => SettingsRow.Settings.Single(s => s.Name == name);

    private static bool IsChinese(char c) => c is >= '\u4e00' and <= '\u9fff';
}
