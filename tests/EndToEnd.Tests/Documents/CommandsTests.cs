using OpenAIProxy.EndToEnd.Tests.AspireCli;
using OpenAIProxy.EndToEnd.Tests.Deploy;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>Every command in a document works as it is written, or the line before it says why no test runs it.</summary>
public sealed class CommandsTests(DemoApp demo)
{
    private const string Address = "http://localhost:8000";
    private const string Prices = "dotnet run --project src/BillingService -- prices check";

    /// <summary>Languages of blocks that nobody pastes into a shell.</summary>
    private static readonly string[] NoCommands = ["csharp", "json", "text"];

    /// <summary>How whole commands begin that stand within a text.</summary>
    private static readonly string[] Inline = ["dotnet run", "docker run -d", "docker compose", "azd ", "./test.sh", "bench/run"];

    /// <summary>What other tests run, less the build, and which.</summary>
    private static readonly Dictionary<string, string> RunElsewhere = new()
    {
        ["dotnet run --project src/AppHost -- --demo"] = nameof(DemoApp),
        ["dotnet run --project src/AppHost -- --publisher manifest --output-path manifest.json"] = nameof(ManifestCommand),
        ["dotnet tool restore"] = nameof(AspireTool),
        ["dotnet aspire run -- --demo"] = nameof(AspireCliTests),
    };

    public static TheoryData<string> Files { get; } = [.. Document.All];

    public static TheoryData<string> RunHere { get; } = [.. Commands(Document.All).Where(IsRunHere).Distinct()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Block_OfCommands_IsRunOrSaysWhyNot(string file) => Assert.All(new Document(file).Blocks, block =>
    {
        Assert.True(block.IsForAShell || NoCommands.Contains(block.Language) || block.IsDrawing, $"A block of commands begins with ```bash, not with ```{block.Language}.");
        Assert.True(
            !block.IsForAShell || block.NotRun.Length > 0 || block.Commands.All(command => IsRunHere(command) || RunElsewhere.ContainsKey(command)),
            $"No test runs this, and no line before it says why (<!-- not run: … -->):{Environment.NewLine}{block.Text}");
    });

    [Theory]
    [MemberData(nameof(Files))]
    public void Command_WithinAText_StandsInABlockToo(string file)
    {
        var blocks = Document.All.SelectMany(f => new Document(f).Blocks).Where(block => block.IsForAShell).SelectMany(block => block.Commands).ToArray();

        Assert.All(
            Document.Code(new Document(file).Prose).Where(text => Inline.Any(start => text.StartsWith(start, StringComparison.Ordinal))),
            text => Assert.Contains(blocks, command => command.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public void Commands_ThatOtherTestsRun_AreStillInADocument() => Assert.Empty(RunElsewhere.Keys.Except(Commands(Document.All)));

    [Theory]
    [MemberData(nameof(RunHere))]
    public async Task Command_PastedIntoAShell_Succeeds(string command)
    {
        // The demo's port is another, and what it runs is built. curl says by its exit code what went wrong.
        var line = command.Replace(Address, demo.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("dotnet run ", $"dotnet run --no-build -c {Tree.Configuration} ", StringComparison.Ordinal);
        var (exitCode, output, error) = await RunningCommand.RunAsync(
            "bash", ["-c", $$"""curl() { command curl --silent --show-error --fail-with-body "$@"; }; {{line}}"""],
            new Dictionary<string, string?> { ["OPENAI_API_KEY"] = DemoApp.NewKey() });

        Assert.True(exitCode == 0, output + error);
        Assert.NotEmpty(output);
    }

    private static bool IsRunHere(string command) => command.StartsWith($"curl {Address}", StringComparison.Ordinal)
        || command.StartsWith($"curl \"{Address}", StringComparison.Ordinal) || command.StartsWith($"curl -N {Address}", StringComparison.Ordinal)
        || command == Prices;

    private static IEnumerable<string> Commands(IEnumerable<string> files)
        => files.SelectMany(file => new Document(file).Blocks).Where(block => block.IsForAShell && block.NotRun.Length == 0)
            .SelectMany(block => block.Commands);
}
