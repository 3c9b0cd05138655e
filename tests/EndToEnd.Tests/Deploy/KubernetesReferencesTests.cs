using k8s.Models;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>What an object of deploy/kubernetes names is there.</summary>
public sealed class KubernetesReferencesTests
{
    public static TheoryData<string> Folders { get; } = ["standalone", "scaled", "example"];

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Selectors_OfAFolder_ChooseTheirPods(string folder)
    {
        var all = await Kustomization.ReadAsync(folder);

        Assert.NotEmpty(all.Workloads);
        Assert.All(all.Workloads, w => Assert.True(w.IsChosenBy(w.Selector.MatchLabels)));
        Assert.All(all.Of<V1Service>(), s => Assert.Equal(
            s.Spec.Ports.Single().TargetPort.Value, Assert.Single(all.Workloads, w => w.IsChosenBy(s.Spec.Selector)).Container.Ports.Single().Name));
        Assert.All(all.Of<V1PodDisruptionBudget>(), b => Assert.Single(all.Workloads, w => w.IsChosenBy(b.Spec.Selector.MatchLabels)));
        Assert.All(all.Of<V1NetworkPolicy>(), p => Assert.Single(all.Workloads, w => w.IsChosenBy(p.Spec.PodSelector.MatchLabels)));
        Assert.All(
            all.Of<V1NetworkPolicy>().SelectMany(p => p.Spec.Ingress).SelectMany(rule => rule.FromProperty),
            peer => Assert.Single(all.Workloads, w => w.IsChosenBy(peer.PodSelector.MatchLabels)));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Volumes_OfAFolder_AreThere(string folder)
    {
        var all = await Kustomization.ReadAsync(folder);
        foreach (var workload in all.Workloads)
        {
            var claims = all.Of<V1StatefulSet>().Where(s => s.Metadata.Name == workload.Name).SelectMany(s => s.Spec.VolumeClaimTemplates);
            var volumes = workload.Pod.Volumes.Select(v => v.Name).Concat(claims.Select(c => c.Metadata.Name)).Order();

            Assert.Equal(volumes, workload.Container.VolumeMounts.Select(m => m.Name).Order());
            Assert.All(
                workload.Pod.Volumes.Where(v => v.PersistentVolumeClaim is not null),
                v => Assert.Single(all.Of<V1PersistentVolumeClaim>(), c => c.Metadata.Name == v.PersistentVolumeClaim.ClaimName));
        }
    }

    [Fact]
    public async Task Scale_OfTheGateways_IsOfTheirDeploymentWhichSaysNoNumberItself()
    {
        var all = await Kustomization.ReadAsync("scaled");
        var target = Assert.Single(all.Of<V2HorizontalPodAutoscaler>()).Spec.ScaleTargetRef;
        var deployment = Assert.Single(all.Of<V1Deployment>(), d => d.Metadata.Name == target.Name);

        Assert.Equal((deployment.ApiVersion, deployment.Kind), (target.ApiVersion, target.Kind));
        // With a number there, each kubectl apply would undo what the autoscaler did.
        Assert.Null(deployment.Spec.Replicas);
    }

    [Fact]
    public async Task BillingAddress_OfTheGateways_IsTheServiceOfBilling()
    {
        var all = await Kustomization.ReadAsync("scaled");
        var address = new Uri(all.Workload("openaiproxy-gateway").PlainVariables["services__billing__http__0"]);
        var service = Assert.Single(all.Of<V1Service>(), s => s.Metadata.Name == address.Host);

        Assert.Equal(service.Spec.Ports.Single().Port, address.Port);
        Assert.True(all.Workload("openaiproxy-billing").IsChosenBy(service.Spec.Selector));
    }

    [Fact]
    public async Task Ingress_OfTheExample_LeadsToTheGatewayAndLeavesStreamsAlone()
    {
        var all = await Kustomization.ReadAsync("example");
        var ingress = Assert.Single(all.Of<V1Ingress>());
        var backend = ingress.Spec.Rules.Single().Http.Paths.Single().Backend.Service;
        var service = Assert.Single(all.Of<V1Service>(), s => s.Metadata.Name == backend.Name);

        Assert.True(all.Workload("openaiproxy-gateway").IsChosenBy(service.Spec.Selector));
        Assert.Equal(service.Spec.Ports.Single().Name, backend.Port.Name);
        Assert.Equal(ingress.Spec.Rules.Single().Host, ingress.Spec.Tls.Single().Hosts.Single());
        const string prefix = "nginx.ingress.kubernetes.io/proxy-";
        Assert.All(
            [("buffering", "off"), ("request-buffering", "off"), ("body-size", "0"), ("next-upstream", "off"), ("read-timeout", "1210")],
            line => Assert.Equal(line.Item2, ingress.Metadata.Annotations[prefix + line.Item1]));
        // The same names in both: the component fits each.
        Assert.Single((await Kustomization.ReadAsync("standalone")).Of<V1Service>(), s => s.Metadata.Name == backend.Name);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public async Task Files_OfAFolder_ReadWithoutKubectl_AreTheObjectsThatItRenders(string folder)
    {
        var rendered = await Kustomization.ReadAsync(folder);
        var assembled = Kustomization.Assemble(folder);

        // Rendered ConfigMaps have the hash of their content behind their names.
        Assert.Equal(assembled.Objects.Count, rendered.Objects.Count);
        Assert.All(
            assembled.Objects,
            o => Assert.Contains(rendered.Objects, r => r.Kind == o.Kind && r.Metadata.Name.StartsWith(o.Metadata.Name, StringComparison.Ordinal)));
        Assert.Equal(
            assembled.Workloads.OrderBy(w => w.Name).Select(w => (w.Name, w.Container.Image)),
            rendered.Workloads.OrderBy(w => w.Name).Select(w => (w.Name, w.Container.Image)));
    }
}
