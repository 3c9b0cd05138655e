using System.Text.RegularExpressions;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>The files in deploy/aca are what Bicep's compiler, linter and formatter want, without one warning.</summary>
public sealed partial class BicepFilesWhereBicepRunsTests
{
    [Fact]
    public async Task Files_OfTheDeployment_AreFreeOfFindingsAndFormatted()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        await BicepCompiler.LintAsync(AcaDeployment.Folder);
        await BicepCompiler.CheckFormatAsync(AcaDeployment.Folder, AcaDeployment.Files);
    }

    [Fact]
    public async Task Deployment_Compiled_IsATemplateOfAResourceGroup()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var template = await BicepCompiler.BuildAsync(AcaDeployment.Main);
        Assert.EndsWith("/deploymentTemplate.json#", template["$schema"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ParameterFile_WithTheVariablesItAsksFor_GivesAValueToAllThatHasNone()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var variables = await AskedForAsync();
        var parameters = await BicepCompiler.BuildParametersAsync(AcaDeployment.Parameters, variables.ToDictionary(v => v, v => (string?)$"value of {v}"));

        Assert.Empty(AcaDeployment.Values.Keys.Except(parameters.Select(p => p.Key)));
        Assert.Empty(parameters.Select(p => p.Key).Except((await AcaDeployment.ReadAsync()).Parameters.Select(p => p.Key)));
        var secure = (await AcaDeployment.ReadAsync()).SecureParameters;
        Assert.All(secure, p => Assert.StartsWith("value of ", parameters[p]!["value"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task ParameterFile_WithoutTheVariables_IsRefused()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        Assert.Contains("OPENAI_API_KEY", await AskedForAsync());
    }

    // The compiler names each variable that is missing.
    private static async Task<IReadOnlyList<string>> AskedForAsync()
    {
        var (exitCode, _, error) = await BicepCompiler.RunAsync([], "build-params", AcaDeployment.Parameters, "--stdout");
        Assert.NotEqual(0, exitCode);
        return [.. Missing().Matches(error).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex("Environment variable \"(\\w+)\" does not exist")]
    private static partial Regex Missing();
}
