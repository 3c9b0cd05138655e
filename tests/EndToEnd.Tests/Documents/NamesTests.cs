using System.Text.RegularExpressions;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>The tables of error codes and of metrics name what the code has.</summary>
public sealed partial class NamesTests
{
    private const string Errors = "docs/errors.md";
    private const string Telemetry = "docs/telemetry.md";

    [Fact]
    public void Errors_OfTheGateway_AreTheTableOfErrors()
    {
        var section = new Document(Errors).Text.Split("\n## ").Single(part => part.StartsWith("Of the gateway", StringComparison.Ordinal));
        var table = DocumentedError().Matches(section).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).ToArray();
        var code = WrittenErrors("src/Gateway").ToArray();

        Assert.NotEmpty(code);
        Assert.Equal(code.Order(), table.Order());
    }

    [Fact]
    public void Errors_OfTheBillingService_AreInADocument()
    {
        var documented = DocumentedError().Matches(new Document(Errors).Text).Select(m => m.Groups[2].Value).ToHashSet();
        var written = WrittenErrors("src/BillingService").Select(error => error.Code)
            .Concat(Sources("src/BillingService").SelectMany(text => WrongParameter().Matches(text)).Select(m => m.Groups[1].Value)).Distinct().ToArray();

        Assert.NotEmpty(written);
        Assert.Empty(written.Except(documented));
    }

    [Fact]
    public void Metrics_OfTheCode_AreTheTableOfMetrics()
    {
        var documented = new Document(Telemetry).Rows.Select(cells => Document.Code(cells[0]).FirstOrDefault() ?? "").Where(IsMetric).ToArray();
        var tags = new Document(Telemetry).Rows.SelectMany(cells => cells.Skip(1)).SelectMany(Document.Code).Where(IsMetric);
        var written = Sources("src").SelectMany(text => Metric().Matches(text)).Select(m => m.Groups[1].Value).Distinct().ToArray();

        Assert.NotEmpty(written);
        Assert.Equal(written.Order(), documented.Concat(tags).Order());
    }

    [Fact]
    public void FieldsOfAccessKeys_AreTheirTable()
    {
        var table = new Document("docs/access.md").Rows.Where(cells => cells.Length == 3 && cells[0].StartsWith('`'))
            .Select(cells => new AccessKeyField(cells[0].Trim('`'), cells[1], cells[2]));

        Assert.Equal(AccessKeyFields.All.Select(field => field with { IsList = false }), table);
    }

    private static bool IsMetric(string name) => Metric().IsMatch($"\"{name}\"");

    private static IEnumerable<(string Status, string Code)> WrittenErrors(string folder)
        => Sources(folder).SelectMany(text => WrittenError().Matches(text)).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Distinct();

    private static IEnumerable<string> Sources(string folder)
        => Directory.GetFiles(Tree.PathTo(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText);

    // StatusCodes.Status403Forbidden, "ip_not_allowed"
    [GeneratedRegex(@"StatusCodes\.Status(\d{3})\w+,\s*""([a-z_]+)""")]
    private static partial Regex WrittenError();

    // throw Wrong("invalid_date", …
    [GeneratedRegex(@"\bWrong\(\s*""([a-z_]+)""")]
    private static partial Regex WrongParameter();

    [GeneratedRegex(@"^\| (\d{3}) \| `([a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedError();

    [GeneratedRegex(@"""(openaiproxy\.[a-z_.]+|gen_ai\.(?:client|server)\.[a-z_.]+)""")]
    private static partial Regex Metric();
}
