using System.Text.Json.Nodes;
using OpenAIProxy.EndToEnd.Tests.Documents;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>Secrets of the deployment are seen by the services alone, not by whoever may read the deployment or the apps' description.</summary>
public sealed class SecretsWhereBicepRunsTests
{
    // The operator's, and what resources of Azure are asked for by these names.
    private static readonly string[] Secrets =
        [.. AcaDeployment.Values.Where(v => v.Key is not ("registryName" or "imageTag"))
            .Select(v => v.Value), "primarykey.", "primarysharedkey.", "secondarykey."];

    [Fact]
    public async Task Parameters_ThatAreSecure_HaveNoDefault()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var deployment = await AcaDeployment.ReadAsync();

        Assert.Equal(["accessKeys", "adminToken", "cacheSecret", "internalToken", "openAIKey", "postgresPassword"], deployment.SecureParameters.Order());
        Assert.All(deployment.All, t => Assert.All(t.SecureParameters, p => Assert.Null(t.Parameters[p]!["defaultValue"])));
    }

    [Fact]
    public async Task Secrets_OnTheirWayThroughTheModules_AreInSecureParametersAndSecureOutputsOnly()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var deployment = await AcaDeployment.ReadAsync();

        foreach (var template in deployment.All)
        {
            Assert.All(template.Parameters.Select(p => p.Key).Except(template.SecureParameters), p => AssertHasNone(template.Parameter(p)));
            Assert.All(template.Outputs.Where(o => !ArmTemplate.IsSecure(o.Value)), o => AssertHasNone(template.Output(o.Key)));
        }

        Assert.DoesNotContain(deployment.Outputs, o => ArmTemplate.IsSecure(o.Value));
    }

    [Theory]
    [InlineData("gateway", "OpenAI__ApiKey", "Access__Keys", "Internal__Token", "ConnectionStrings__cache")]
    [InlineData("billing", "ConnectionStrings__cache", "ConnectionStrings__ledger", "Internal__Token", "Billing__AdminToken", "Billing__CacheSecret")]
    public async Task Variables_ThatHoldASecret_ReferToOne(string service, params string[] expected)
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var app = await AcaDeployment.AppAsync(service);

        Assert.Equal(expected.Order(), app.Environment.Keys.Except(app.PlainVariables).Order());
        Assert.Empty(app.PlainVariables.Intersect(ServiceSettings.SecretNamesOf(service)));
        Assert.All(app.Secrets.Values, Assert.NotEmpty);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("billing")]
    public async Task Description_OfAnApp_HasSecretsInItsListOfSecretsOnly(string service)
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var app = (await AcaDeployment.AppAsync(service)).Resource;
        Assert.True(app["properties"]!["configuration"]!.AsObject().Remove("secrets"));

        AssertHasNone(app);
    }

    private static void AssertHasNone(JsonNode? node)
        => Assert.All(TextsIn(node), text => Assert.All(Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)));

    private static IEnumerable<string> TextsIn(JsonNode? node) => node switch
    {
        JsonObject o => o.SelectMany(p => TextsIn(p.Value).Append(p.Key)),
        JsonArray a => a.SelectMany(TextsIn),
        null => [],
        _ => [node.ToString()],
    };
}
