using System.Text.Json;
using OpenAIProxy.EndToEnd.Tests.Running;
using YamlDotNet.Serialization;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>The files for editors and for GitHub can be read, and name what is there.</summary>
public sealed class EditorFilesTests(DemoApp demo)
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    [Theory]
    [InlineData(".vscode/extensions.json")]
    [InlineData(".vscode/launch.json")]
    [InlineData(".vscode/tasks.json")]
    [InlineData(".devcontainer/devcontainer.json")]
    public void File_ForAnEditor_IsJson(string file) => Assert.Equal(JsonValueKind.Object, Read(file).ValueKind);

    [Theory]
    [InlineData(".github/workflows/ci.yml", "run: ./test.sh", "run: dotnet build OpenAIProxy.sln", "run: dotnet format OpenAIProxy.sln --verify-no-changes")]
    [InlineData(".github/dependabot.yml", "directory: /", "- /tests/BrowserKit/npm", "- /tests/EndToEnd.Tests/npm",
        "- /tests/EndToEnd.Tests/npm/codex")]
    public void File_ForGitHub_IsYamlWithWhatThereIs(string file, params string[] lines)
    {
        var text = File.ReadAllText(Tree.PathTo(file));

        Assert.NotNull(new DeserializerBuilder().Build().Deserialize(text));
        Assert.All(lines, line => Assert.Contains(text.Split('\n'), l => l.TrimStart(' ', '-') == line.TrimStart(' ', '-')));
    }

    [Fact]
    public void LaunchConfigurations_OfVSCode_StartAndAttachToWhatThereIs()
    {
        foreach (var configuration in Read(".vscode/launch.json").GetProperty("configurations").EnumerateArray())
        {
            if (configuration.TryGetProperty("program", out var program))
            {
                Assert.True(File.Exists(Tree.PathTo(program.GetString()!.Replace("${workspaceFolder}/", "", StringComparison.Ordinal))));
            }
            else
            {
                var name = configuration.GetProperty("processName").GetString()!;
                Assert.Equal(name, File.ReadAllText($"/proc/{demo.App.ProcessOf(name).Id}/comm").TrimEnd());
            }
        }
    }

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Tree.PathTo(file)), WithComments);
        return document.RootElement.Clone();
    }
}
