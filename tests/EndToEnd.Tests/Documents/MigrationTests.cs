namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>What the page for those who come from another gateway says is read, is read; and what it says is not, isn't.</summary>
public sealed class MigrationTests
{
    private static readonly Document Guide = new("docs/migrate.md");
    private static readonly string[] Aliases = [.. SettingsRow.Settings.SelectMany(s => s.Aliases)];

    public static TheoryData<string, string> Read { get; } =
        [.. Guide.Rows.Where(IsRead).Select(cells => new TheoryDataRow<string, string>(Document.Code(cells[0]).Single(), Document.Code(cells[1]).Single()))];

    [Theory]
    [MemberData(nameof(Read))]
    public void Variable_ThatIsReadAsItIs_IsAnotherNameOfTheSetting(string variable, string setting)
        => Assert.Contains(variable, SettingsRow.Settings.Single(s => s.Name == setting).Aliases);

    [Fact]
    public void Variables_OfTheOtherTables_AreNoNamesOfSettings()
    {
        var others = Guide.Rows.Where(cells => !IsRead(cells)).SelectMany(cells => Document.Code(cells[0])).ToArray();

        Assert.NotEmpty(others);
        Assert.Empty(others.Intersect(Aliases));
    }

    [Fact]
    public void Names_ThatAnotherGatewayGaveASetting_AreInTheGuide()
        => Assert.Empty(Aliases.Except(Guide.Rows.Where(IsRead).SelectMany(cells => Document.Code(cells[0]))));

    // The second cell is the name of a setting, and nothing else.
    private static bool IsRead(string[] cells) => SettingsRow.Settings.Any(s => cells[1] == $"`{s.Name}`");
}
