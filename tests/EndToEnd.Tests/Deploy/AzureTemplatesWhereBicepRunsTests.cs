using System.Text.Json.Nodes;
using OpenAIProxy.EndToEnd.Tests.Documents;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>The compiled templates in deploy/aca, which the portal of Azure deploys at a click: it can't compile Bicep.</summary>
public sealed class AzureTemplatesWhereBicepRunsTests
{
    [Theory]
    [InlineData("main.bicep", "azuredeploy.json")]
    [InlineData("small.bicep", "small.json")]
    public async Task Template_InTheRepository_IsWhatItsFileCompilesTo(string file, string template)
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var compiled = await AcaDeployment.TemplateAsync(Path.Combine(AcaDeployment.Folder, file));
        var kept = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AcaDeployment.Folder, template)));

        Assert.True(JsonNode.DeepEquals(compiled, kept), $"deploy/aca/{template} is not what {file} compiles to. Run eng/azure-templates.");
    }

    [Theory]
    [InlineData("deploy.md", "azuredeploy.json")]
    [InlineData("deploy.md", "small.json")]
    [InlineData("zh-CN/deploy.md", "azuredeploy.json")]
    [InlineData("zh-CN/deploy.md", "small.json")]
    public async Task Button_OfTheGuide_NamesATemplateOfTheRepository(string guide, string template)
    {
        var text = await File.ReadAllTextAsync(Tree.PathTo("docs", guide));
        var address = Uri.EscapeDataString($"https://raw.githubusercontent.com/OWNER/REPOSITORY/main/deploy/aca/{template}");

        Assert.Contains($"https://portal.azure.com/#create/Microsoft.Template/uri/{address}", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(AcaDeployment.Folder, template)));
    }

    [Fact]
    public async Task App_OfTheSmallDeployment_IsTheStandaloneImageOnce()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var app = await SmallAppAsync();
        var container = await ContainerProperties.ReadAsync("Standalone");
        var port = int.Parse(Assert.Single(container.Ports), System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(container.Repository, app.Repository);
        Assert.Equal(port, app.Ingress["targetPort"]!.GetValue<int>());
        Assert.All(app.Probes, p => Assert.Equal(port, p["httpGet"]!["port"]!.GetValue<int>()));
        Assert.True(app.Ingress["external"]!.GetValue<bool>());
        Assert.False(app.Ingress["allowInsecure"]!.GetValue<bool>());
        Assert.Equal((1, 1), (app.Scale["minReplicas"]!.GetValue<int>(), app.Scale["maxReplicas"]!.GetValue<int>()));
        var share = app.Mounts[app.Environment["Metering__JournalDirectory"]];
        Assert.Contains($"uid={container.User}", share["mountOptions"]!.GetValue<string>().Split(','));
    }

    [Fact]
    public async Task Variables_OfTheSmallDeployment_AreSettings_AndSecretOnesAreSecrets()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var app = await SmallAppAsync();
        string[] services = ["gateway", "billing"];

        Assert.Empty(app.Environment.Keys.Except(services.SelectMany(s => ServiceSettings.NamesOf(ServiceSettings.Of(s)))));
        Assert.Empty(app.PlainVariables.Intersect(services.SelectMany(ServiceSettings.SecretNamesOf)));
        Assert.Equal(AcaDeployment.Values["openAIKey"], app.Environment["OpenAI__ApiKey"]);
        Assert.Equal(AcaDeployment.Values["accessKeys"], app.Environment["Access__Keys"]);
        // No file of SQLite on a network share.
        Assert.StartsWith("Host=", app.Environment["ConnectionStrings__ledger"], StringComparison.Ordinal);
        Assert.DoesNotContain("Ledger__File", app.Environment.Keys);
    }

    private static async Task<ContainerApp> SmallAppAsync()
        => new(Assert.Single((await AcaDeployment.ReadSmallAsync()).Find("Microsoft.App/containerApps")));
}
