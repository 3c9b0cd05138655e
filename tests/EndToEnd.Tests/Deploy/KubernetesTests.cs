using System.Globalization;
using k8s.Models;
using OpenAIProxy.EndToEnd.Tests.Documents;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>deploy/kubernetes against the projects whose images it runs, and each object against those it names.</summary>
public sealed class KubernetesTests
{
    // After the answers: the journal is closed, telemetry is sent, the billing service of one process ends.
    private static readonly TimeSpan TimeForTheRest = TimeSpan.FromSeconds(40);

    public static TheoryData<string, string, string> Workloads { get; } = new()
    {
        { "standalone", "openaiproxy", "Standalone" },
        { "scaled", "openaiproxy-gateway", "Gateway" },
        { "scaled", "openaiproxy-billing", "BillingService" },
        { "example", "openaiproxy-gateway", "Gateway" },
    };

    [Theory]
    [MemberData(nameof(Workloads))]
    public async Task Container_OfAWorkload_HasTheImageUserAndPortOfItsProject(string folder, string name, string project)
    {
        var workload = (await Kustomization.ReadAsync(folder)).Workload(name);
        var container = await ContainerProperties.ReadAsync(project);
        var user = long.Parse(container.User, CultureInfo.InvariantCulture);

        Assert.Equal(container.Repository, workload.Repository);
        Assert.Equal(int.Parse(Assert.Single(container.Ports), CultureInfo.InvariantCulture), Assert.Single(workload.Container.Ports).ContainerPort);
        Assert.Equal(user, workload.Pod.SecurityContext.RunAsUser);
        Assert.All([workload.Pod.SecurityContext.FsGroup], group => Assert.True(group == user || workload.Pod.Volumes.All(v => v.Name == "tmp")));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public async Task Container_OfAWorkload_IsConfined(string folder, string name, string project)
    {
        Assert.True(Directory.Exists(Tree.PathTo("src", project)));
        var workload = (await Kustomization.ReadAsync(folder)).Workload(name);

        Assert.True(workload.Pod.SecurityContext.RunAsNonRoot);
        Assert.Equal("RuntimeDefault", workload.Pod.SecurityContext.SeccompProfile.Type);
        Assert.False(workload.Pod.AutomountServiceAccountToken);
        Assert.False(workload.Pod.EnableServiceLinks);
        Assert.True(workload.Container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(workload.Container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], workload.Container.SecurityContext.Capabilities.Drop);
        Assert.Contains("memory", workload.Container.Resources.Limits.Keys);
        Assert.Equal(["cpu", "memory"], workload.Container.Resources.Requests.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public async Task Variables_OfAWorkload_AreSettings_AndSecretOnesComeFromASecret(string folder, string name, string project)
    {
        var workload = (await Kustomization.ReadAsync(folder)).Workload(name);
        string[] services = project switch { "Gateway" => ["gateway"], "BillingService" => ["billing"], _ => ["gateway", "billing"] };
        var secrets = services.SelectMany(ServiceSettings.SecretNamesOf).ToArray();

        Assert.Empty(workload.Variables.Except(services.SelectMany(s => ServiceSettings.NamesOf(ServiceSettings.Of(s)))));
        Assert.Empty(workload.PlainVariables.Keys.Intersect(secrets));
        Assert.NotEmpty(workload.SecretVariables);
        Assert.All(workload.SecretVariables, v => Assert.Contains(v.Name, secrets));
        // One Secret for all: kubectl makes it of a file with the variables.
        Assert.All(workload.SecretVariables, v => Assert.Equal(("openaiproxy", v.Name), (v.ValueFrom.SecretKeyRef.Name, v.ValueFrom.SecretKeyRef.Key)));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public async Task Probes_OfAWorkload_AskItsOwnPortForItsHealth(string folder, string name, string project)
    {
        Assert.True(Directory.Exists(Tree.PathTo("src", project)));
        var workload = (await Kustomization.ReadAsync(folder)).Workload(name);

        Assert.Equal(["/health/live", "/health/live", "/health/ready"], workload.Probes.Select(p => p.HttpGet.Path));
        Assert.All(workload.Probes, p => Assert.Equal(workload.Container.Ports[0].Name, p.HttpGet.Port.Value));
        Assert.All(workload.Probes, p => Assert.InRange(p.TimeoutSeconds!.Value, 1, p.PeriodSeconds!.Value));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public async Task GracePeriod_OfAWorkload_IsLongerThanItsStop(string folder, string name, string project)
    {
        var workload = (await Kustomization.ReadAsync(folder)).Workload(name);
        var drain = project == "BillingService" ? TimeSpan.Zero : TimeSpan.FromMinutes(5);
        if (workload.PlainVariables.TryGetValue("Forwarding__DrainTimeout", out var text))
        {
            Assert.True(Durations.TryParse(text, out drain));
        }

        var wait = TimeSpan.FromSeconds(workload.Container.Lifecycle?.PreStop.Sleep.Seconds ?? 0);
        Assert.True(TimeSpan.FromSeconds(workload.Pod.TerminationGracePeriodSeconds!.Value) > wait + drain + TimeForTheRest);
    }

    [Fact]
    public async Task Volumes_OfAllWorkloads_AreMountedWhereItsProgramsWrite()
    {
        var small = (await Kustomization.ReadAsync("standalone")).Workload("openaiproxy");
        var gateway = (await Kustomization.ReadAsync("scaled")).Workload("openaiproxy-gateway");
        var project = await File.ReadAllTextAsync(Tree.PathTo("src", "Standalone", "Standalone.csproj"));

        // What Standalone.csproj names as the place of its data.
        Assert.Equal(["/home/app", "/tmp"], small.Container.VolumeMounts.Select(m => m.MountPath).Order());
        Assert.Contains("Include=\"XDG_STATE_HOME\" Value=\"/home/app\"", project, StringComparison.Ordinal);
        Assert.Equal([gateway.PlainVariables["Metering__JournalDirectory"], "/tmp"], gateway.Container.VolumeMounts.Select(m => m.MountPath).Order());
    }

    [Fact]
    public async Task Ledger_OfOnePod_HasOneWriter()
    {
        var set = Assert.Single((await Kustomization.ReadAsync("standalone")).Of<V1StatefulSet>());

        Assert.Equal(1, set.Spec.Replicas);
        Assert.Equal(["ReadWriteOnce"], Assert.Single(set.Spec.VolumeClaimTemplates).Spec.AccessModes);
    }
}
