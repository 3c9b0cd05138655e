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

    /// <summary>Fails if the linter finds anything in the files below a folder.</summary>
    public static Task LintAsync(string folder) => SilentAsync([], "lint", "--pattern", Path.Combine(folder, "**", "*.bicep"));

    /// <summary>Fails if one of these files of a folder is not written as the formatter would.</summary>
    public static async Task CheckFormatAsync(string folder, IEnumerable<string> files)
    {
        // Many files are formatted in place only; each for itself would start the compiler as often.
        var copies = Directory.CreateTempSubdirectory("openaiproxy-bicep-");
        try
        {
            var pairs = files.ToDictionary(file => file, file => Path.Combine(copies.FullName, Path.GetRelativePath(folder, file)));
            foreach (var (file, copy) in pairs)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }

            await SilentAsync([], "format", "--pattern", Path.Combine(copies.FullName, "**", "*.bicep*"));
            foreach (var (file, copy) in pairs)
            {
                Assert.Equal(await File.ReadAllTextAsync(copy), await File.ReadAllTextAsync(file));
            }
        }
        finally
        {
            copies.Delete(recursive: true);
        }
    }

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
