using System.Reflection;
using System.Text.Json.Nodes;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>The Bicep compiler, which comes with the tests' packages on Linux x64. It needs no network.</summary>
internal static class BicepCompiler
{
    private static readonly string? Program = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(a => a.Key == "BicepCompiler")?.Value;

    /// <summary>False on systems for which the tests bring no compiler; then the running test's output says so.</summary>
    public static bool Runs()
    {
        if (Program is null)
        {
            TestContext.Current.TestOutputHelper?.WriteLine("NOT TESTED: the Bicep compiler comes with these tests on Linux x64 only.");
        }

        return Program is not null;
    }

    /// <summary>The template that a file becomes. Fails with what the compiler says, if it says anything.</summary>
    public static async Task<JsonObject> BuildAsync(string file) => Parse(await SilentAsync([], "build", file, "--stdout"));

    /// <summary>The parameters that a file becomes with these environment variables: a document of its own within the compiler's answer.</summary>
    public static async Task<JsonObject> BuildParametersAsync(string file, IReadOnlyDictionary<string, string?> environment)
        => Parse(Parse(await SilentAsync(environment, "build-params", file, "--stdout"))["parametersJson"]!.GetValue<string>())["parameters"]!.AsObject();

    /// <summary>Fails if the linter finds anything.</summary>
    public static Task LintAsync(string file) => SilentAsync([], "lint", file);

    /// <summary>Fails if the file is not written as the formatter would.</summary>
    public static async Task CheckFormatAsync(string file)
        => Assert.Equal(await SilentAsync([], "format", file, "--stdout"), await File.ReadAllTextAsync(file));

    /// <summary>Runs it; a warning is a failure too.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IEnumerable<KeyValuePair<string, string?>> environment, params IEnumerable<string> arguments)
        => await RunningCommand.RunAsync(
            Program!,
            arguments,
            // Without it the program wants ICU, which a small machine doesn't have.
            new Dictionary<string, string?>(environment) { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" });

    private static async Task<string> SilentAsync(IEnumerable<KeyValuePair<string, string?>> environment, params IEnumerable<string> arguments)
    {
        var (exitCode, output, error) = await RunAsync(environment, arguments);
        Assert.Equal("", error);
        Assert.Equal(0, exitCode);
        return output;
    }

    private static JsonObject Parse(string text) => JsonNode.Parse(text)!.AsObject();
}
