using System.Globalization;
using OpenAIProxy.EndToEnd.Tests.Documents;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>The container apps of deploy/aca against the projects whose images they run, and against what Container Apps take.</summary>
public sealed class ContainerAppsWhereBicepRunsTests
{
    private const int MostFailures = 10;
    private const int LongestPeriod = 240;
    private const int LongestGracePeriod = 600;

    // After the answers: the journal is closed, telemetry is sent.
    private static readonly TimeSpan TimeForTheRest = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("gateway", "Gateway", true)]
    [InlineData("billing", "BillingService", false)]
    public async Task App_OfAProject_HasItsImageAndPortAndTheRightWayIn(string service, string project, bool external)
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var app = await AcaDeployment.AppAsync(service);
        var container = await ContainerProperties.ReadAsync(project);
        var port = int.Parse(Assert.Single(container.Ports), CultureInfo.InvariantCulture);

        Assert.Equal(container.Repository, app.Repository);
        Assert.Equal(container.Repository, app.Container["name"]!.GetValue<string>());
        Assert.EndsWith(":1.2.3", app.Container["image"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(port, app.Ingress["targetPort"]!.GetValue<int>());
        Assert.All(app.Probes, p => Assert.Equal(port, p["httpGet"]!["port"]!.GetValue<int>()));
        Assert.Equal(external, app.Ingress["external"]!.GetValue<bool>());
        Assert.False(app.Ingress["allowInsecure"]!.GetValue<bool>());
        Assert.Equal("auto", app.Ingress["transport"]!.GetValue<string>());
    }

    [Fact]
    public async Task Apps_OfTheDeployment_AreGatewayAndBilling()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var apps = (await AcaDeployment.ReadAsync()).Find("Microsoft.App/containerApps");
        Assert.Equal(["openaiproxy-billing", "openaiproxy-gateway"], apps.Select(a => a["name"]!.GetValue<string>()).Order());
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("billing")]
    public async Task Probes_OfAnApp_AreOfAllKindsAndWithinTheLimits(string service)
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var app = await AcaDeployment.AppAsync(service);

        Assert.Equal(["Liveness", "Readiness", "Startup"], app.Probes.Select(p => p["type"]!.GetValue<string>()).Order());
        Assert.All(app.Probes, p => Assert.Equal(
            p["type"]!.GetValue<string>() == "Readiness" ? "/health/ready" : "/health/live", p["httpGet"]!["path"]!.GetValue<string>()));
        Assert.All(app.Probes, p => Assert.InRange(p["failureThreshold"]!.GetValue<int>(), 1, MostFailures));
        Assert.All(app.Probes, p => Assert.InRange(p["periodSeconds"]!.GetValue<int>(), 1, LongestPeriod));
        Assert.All(app.Probes, p => Assert.InRange(p["timeoutSeconds"]!.GetValue<int>(), 1, p["periodSeconds"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("billing")]
    public async Task GracePeriod_OfAnApp_IsLongerThanItsDrainAndWithinTheLimits(string service)
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var app = await AcaDeployment.AppAsync(service);

        Assert.InRange(app.GracePeriod, 0, LongestGracePeriod);
        if (service == "gateway")
        {
            Assert.True(Durations.TryParse(app.Environment["Forwarding__DrainTimeout"], out var drain));
            Assert.InRange(drain, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(app.GracePeriod) - TimeForTheRest);
        }
    }

    [Theory]
    [InlineData("gateway", 3, 20, "7")]
    [InlineData("billing", 2, 4, "50")]
    public async Task Scale_OfAnApp_IsTheParametersAndByRequestsAtOnce(string service, int min, int max, string concurrency)
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var app = await AcaDeployment.AppAsync(
            service,
            ("gatewayMinReplicas", 3), ("gatewayMaxReplicas", 20), ("gatewayConcurrency", 7), ("billingMinReplicas", 2), ("billingMaxReplicas", 4));

        Assert.Equal(min, app.Scale["minReplicas"]!.GetValue<int>());
        Assert.Equal(max, app.Scale["maxReplicas"]!.GetValue<int>());
        Assert.Equal(concurrency, Assert.Single(app.Scale["rules"]!.AsArray())!["http"]!["metadata"]!["concurrentRequests"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("billing")]
    public async Task Images_OfAnApp_ArePulledByTheIdentityThatMay(string service)
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var deployment = await AcaDeployment.ReadAsync();
        var app = await AcaDeployment.AppAsync(service);
        var registry = Assert.Single(app.Configuration["registries"]!.AsArray())!;
        var identity = Assert.Single(app.Resource["identity"]!["userAssignedIdentities"]!.AsObject()).Key;

        Assert.Equal(identity, registry["identity"]!.GetValue<string>());
        Assert.StartsWith(registry["server"]!.GetValue<string>() + "/", app.Container["image"]!.GetValue<string>(), StringComparison.Ordinal);
        var role = Assert.Single(deployment.Find("Microsoft.Authorization/roleAssignments"))["properties"]!;
        Assert.Equal("principalid.identity.azure.invalid", role["principalId"]!.GetValue<string>());
        // AcrPull, in every subscription.
        Assert.Contains("7f951dda-4ed3-4680-a7ca-43fe172d538d", role["roleDefinitionId"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Single(deployment.Find("Microsoft.ManagedIdentity/userAssignedIdentities"));
    }

    [Fact]
    public async Task Journal_OfTheGateways_IsOnAShareThatTheImagesUserMayWrite()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var deployment = await AcaDeployment.ReadAsync();
        var app = await AcaDeployment.AppAsync("gateway");
        var volume = app.Mounts[app.Environment["Metering__JournalDirectory"]];
        var storage = Assert.Single(deployment.Find("Microsoft.App/managedEnvironments/storages"));
        var share = Assert.Single(deployment.Find("Microsoft.Storage/storageAccounts/fileServices/shares"));

        Assert.Equal("AzureFile", volume["storageType"]!.GetValue<string>());
        Assert.Equal(storage["name"]!.GetValue<string>().Split('/')[^1], volume["storageName"]!.GetValue<string>());
        Assert.Equal("ReadWrite", storage["properties"]!["azureFile"]!["accessMode"]!.GetValue<string>());
        Assert.Equal(share["name"]!.GetValue<string>().Split('/')[^1], storage["properties"]!["azureFile"]!["shareName"]!.GetValue<string>());
        Assert.Contains($"uid={(await ContainerProperties.ReadAsync("Gateway")).User}", volume["mountOptions"]!.GetValue<string>().Split(','));
    }

    [Theory]
    [InlineData("", "", null, "https://fqdn.gateway.azure.invalid")]
    [InlineData("ai.example.com", "", "Disabled", "https://ai.example.com")]
    [InlineData("ai.example.com", "/certificates/1", "SniEnabled", "https://ai.example.com")]
    public async Task Domain_OfOnesOwn_IsTheGatewaysFirstWithoutThenWithItsCertificate(string domain, string certificate, string? binding, string url)
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var deployment = await AcaDeployment.ReadAsync(("customDomain", domain), ("certificateId", certificate));
        var app = await AcaDeployment.AppAsync("gateway", ("customDomain", domain), ("certificateId", certificate));
        var domains = app.Ingress["customDomains"]!.AsArray();

        Assert.Equal(binding is null ? [] : [domain], domains.Select(d => d!["name"]!.GetValue<string>()));
        Assert.All(domains, d => Assert.Equal(binding, d!["bindingType"]!.GetValue<string>()));
        Assert.All(domains, d => Assert.Equal(certificate, d!["certificateId"]?.GetValue<string>() ?? ""));
        Assert.Equal(url, deployment.Output("gatewayUrl")!.GetValue<string>());
    }
}
