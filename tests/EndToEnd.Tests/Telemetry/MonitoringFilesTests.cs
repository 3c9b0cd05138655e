using System.Text.Json;
using System.Text.RegularExpressions;
using OpenAIProxy.EndToEnd.Tests.Documents;
using OpenAIProxy.EndToEnd.Tests.Running;
using YamlDotNet.RepresentationModel;

namespace OpenAIProxy.EndToEnd.Tests.Telemetry;

/// <summary>The dashboard and the alert rules ask for metrics and labels that the services have, under the names that Prometheus gives them.</summary>
public sealed partial class MonitoringFilesTests(Instruments instruments) : IClassFixture<Instruments>
{
    private const string Dashboard = "deploy/grafana/dashboard.json";
    private const string Alerts = "deploy/prometheus/alerts.yaml";

    /// <summary>Labels that are no attributes of a measurement: a bucket's bound, and what Prometheus makes of the service's name and instance.</summary>
    private static readonly string[] OfPrometheus = ["le", "job", "instance"];

    /// <summary>Attributes of .NET's own metrics.</summary>
    private static readonly string[] OfDotNet = ["http.response.status_code", "http.connection.state", "server.address"];

    public static TheoryData<string> Queries { get; } = [.. InTheDashboard().Concat(InTheAlerts()).Distinct()];

    [Theory]
    [MemberData(nameof(Queries))]
    public void Query_ForEachSeriesAndLabel_NamesOneThatThereIs(string query)
    {
        var series = instruments.All.Values.SelectMany(PrometheusName.SeriesOf).ToHashSet();
        var labels = OfPrometheus.Concat(OfDotNet.Concat(Attributes()).Select(PrometheusName.Label)).ToHashSet();
        var parsed = new PromQuery(query);

        Assert.NotEmpty(parsed.Series);
        Assert.Empty(parsed.Series.Except(series));
        Assert.Empty(parsed.Labels.Except(labels));
    }

    [Theory]
    [InlineData("sum by (le, no_such) (rate(openaiproxy_lag_bucket{job=\"x\",other!~\"y\"}[5m])) > 0.05 or a_total offset 1h", "a_total openaiproxy_lag_bucket", "job le no_such other")]
    [InlineData("absent(up{job=\"x\"})", "up", "job")]
    public void Names_OfAQuery_AreAllFound(string query, string series, string labels)
    {
        Assert.Equal(series.Split(' '), new PromQuery(query).Series.Order());
        Assert.Equal(labels.Split(' '), new PromQuery(query).Labels.Order());
    }

    [Fact]
    public void Table_OfMetrics_SaysWhatEachIsCalledInPrometheus()
    {
        var rows = new Document("docs/telemetry.md").Rows
            .Where(cells => Document.Code(cells[0]).FirstOrDefault() is { } name && instruments.All.ContainsKey(name)).ToArray();

        Assert.True(rows.Length > 15);
        Assert.All(rows, cells => Assert.Equal(
            PrometheusName.Of(instruments.All[Document.Code(cells[0]).Single()]), Document.Code(cells[1]).FirstOrDefault()));
    }

    [Fact]
    public void Alerts_EachOnce_SayWhatIsWrongAndWhatToDo()
    {
        var rules = Rules();

        Assert.Equal(rules.Length, rules.Select(rule => Text(rule, "alert")).Distinct().Count());
        Assert.All(rules, rule =>
        {
            var annotations = (YamlMappingNode)rule.Children["annotations"];
            Assert.NotEmpty(Text(annotations, "summary"));
            Assert.NotEmpty(Text(annotations, "description"));
            Assert.Contains(Text((YamlMappingNode)rule.Children["labels"], "severity"), (string[])["warning", "critical"]);
        });
    }

    [Fact]
    public void Panels_OfTheDashboard_HaveIdsOfTheirOwnAndDontOverlap()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Tree.PathTo(Dashboard)));
        var panels = json.RootElement.GetProperty("panels").EnumerateArray().ToArray();
        var cells = panels.Select(p => p.GetProperty("gridPos")).SelectMany(g
            => from x in Enumerable.Range(g.GetProperty("x").GetInt32(), g.GetProperty("w").GetInt32())
               from y in Enumerable.Range(g.GetProperty("y").GetInt32(), g.GetProperty("h").GetInt32())
               select (x, y)).ToArray();

        Assert.Equal(panels.Length, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal(cells.Length, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.x, 0, 23));
    }

    private static IEnumerable<string> InTheDashboard()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Tree.PathTo(Dashboard)));
        var targets = json.RootElement.GetProperty("panels").EnumerateArray().Where(p => p.TryGetProperty("targets", out _))
            .SelectMany(p => p.GetProperty("targets").EnumerateArray()).Select(t => t.GetProperty("expr").GetString()!);
        var variables = json.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
            .Where(v => v.TryGetProperty("definition", out _)).Select(v => v.GetProperty("definition").GetString()!)
            .Select(query => LabelValues().Replace(query, "sum by ($2) ($1)"));
        return [.. targets, .. variables];
    }

    private static IEnumerable<string> InTheAlerts() => Rules().Select(rule => Text(rule, "expr"));

    private static YamlMappingNode[] Rules()
    {
        using var text = File.OpenText(Tree.PathTo(Alerts));
        var yaml = new YamlStream();
        yaml.Load(text);
        var groups = (YamlSequenceNode)((YamlMappingNode)yaml.Documents[0].RootNode).Children["groups"];
        return [.. groups.Cast<YamlMappingNode>().SelectMany(group => ((YamlSequenceNode)group.Children["rules"]).Cast<YamlMappingNode>())];
    }

    private static string Text(YamlMappingNode node, string name) => ((YamlScalarNode)node.Children[name]).Value ?? "";

    // The texts in the files that name telemetry; more than attributes, but nothing that a query means by accident.
    private static IEnumerable<string> Attributes()
        => Directory.GetFiles(Tree.PathTo("src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => file.Contains("/Telemetry/", StringComparison.Ordinal) || file.EndsWith("Telemetry.cs", StringComparison.Ordinal)
                || file.EndsWith("UpstreamSpan.cs", StringComparison.Ordinal))
            .SelectMany(file => Constant().Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"const string \w+ = ""([a-z_.]+)"";")]
    private static partial Regex Constant();

    [GeneratedRegex(@"label_values\((\w+), (\w+)\)")]
    private static partial Regex LabelValues();
}
