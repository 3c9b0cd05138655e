using System.Text.RegularExpressions;
using OpenAIProxy.EndToEnd.Tests.Running;
using YamlDotNet.Serialization;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>GitHub's workflows, as far as they can be read without GitHub.</summary>
public sealed partial class WorkflowsTests
{
    public static TheoryData<string> Files { get; } =
        [.. Directory.GetFiles(Tree.PathTo(".github", "workflows"), "*.yml").Select(file => Path.GetFileName(file)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Steps_OfAWorkflow_CallWhatThereIs(string file)
    {
        var steps = Jobs(file).Values.SelectMany(Steps).ToArray();

        Assert.All(steps, step => Assert.True(step.ContainsKey("run") || step.ContainsKey("uses")));
        Assert.All(steps.Where(step => step.ContainsKey("uses")), step => Assert.Matches(@"^[\w-]+/[\w-]+@v\d+", (string)step["uses"]));
        Assert.All(
            steps.Where(step => step.ContainsKey("run")).SelectMany(step => PathOfTheTree().Matches((string)step["run"])).Select(match => match.Value),
            path => Assert.True(Path.Exists(Tree.PathTo(path)), path));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Jobs_ThatOthersNeed_AreThere(string file)
    {
        var jobs = Jobs(file);

        Assert.Empty(jobs.Values.SelectMany(job => List(job, "needs")).Except(jobs.Keys));
    }

    [Fact]
    public void Release_OfATag_HasToolFilesAndTheImagesOfAllServices()
    {
        var text = File.ReadAllText(Tree.PathTo(".github", "workflows", "release.yml"));

        Assert.All(
            [
                "tags: ['v*']", "dotnet pack src/Standalone", "dotnet pack src/Aspire.Hosting", "eng/publish", "sha256sum",
                "actions/attest-build-provenance", "anchore/sbom-action", "docker save",
            ],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
        var images = Map(Map(Jobs("release.yml")["images"]["strategy"])["matrix"])["include"];
        foreach (var image in ((List<object>)images).Select(Map))
        {
            var project = File.ReadAllText(Tree.PathTo("src", (string)image["project"], $"{image["project"]}.csproj"));
            Assert.Contains($"<ContainerRepository>{image["image"]}</ContainerRepository>", project, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, Dictionary<string, object>> Jobs(string file)
    {
        var workflow = Map(new DeserializerBuilder().Build().Deserialize(File.ReadAllText(Tree.PathTo(".github", "workflows", file)))!);
        return Map(workflow["jobs"]).ToDictionary(job => job.Key, job => Map(job.Value));
    }

    private static IEnumerable<Dictionary<string, object>> Steps(Dictionary<string, object> job) => ((List<object>)job["steps"]).Select(Map);

    private static IEnumerable<string> List(Dictionary<string, object> job, string key) => job.GetValueOrDefault(key) switch
    {
        List<object> names => names.Cast<string>(),
        string name => [name],
        _ => [],
    };

    private static Dictionary<string, object> Map(object value) => ((Dictionary<object, object>)value).ToDictionary(e => (string)e.Key, e => e.Value);

    // ./test.sh, eng/publish, src/Standalone, OpenAIProxy.sln; not $PROJECT, which the matrix has.
    [GeneratedRegex(@"(?<![\w/.$-])(\./[\w.-]+|(eng|src|tests|deploy)/[A-Za-z][\w./-]*|OpenAIProxy\.sln)")]
    private static partial Regex PathOfTheTree();
}
