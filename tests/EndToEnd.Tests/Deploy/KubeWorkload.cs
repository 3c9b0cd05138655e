using k8s.Models;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>A Deployment or StatefulSet, as far as the tests look at it. Its pods have one container.</summary>
internal sealed record KubeWorkload(Kustomization Deployment, string Name, V1LabelSelector Selector, V1PodTemplateSpec Template)
{
    public V1PodSpec Pod => Template.Spec;

    public V1Container Container => Assert.Single(Pod.Containers);

    /// <summary>The repository of its image, without registry and tag.</summary>
    public string Repository => Container.Image.Split('/')[^1].Split(':')[0];

    /// <summary>The variables that anybody who may read ConfigMaps can read.</summary>
    public IReadOnlyDictionary<string, string> PlainVariables
        => Container.EnvFrom.SelectMany(from => Deployment.Of<V1ConfigMap>().Single(m => m.Metadata.Name == from.ConfigMapRef.Name).Data).ToDictionary();

    /// <summary>The variables from Secrets.</summary>
    public IEnumerable<V1EnvVar> SecretVariables => Container.Env;

    /// <summary>The names of all variables.</summary>
    public IEnumerable<string> Variables => PlainVariables.Keys.Concat(SecretVariables.Select(v => v.Name));

    /// <summary>The probes: of the start, of life, of readiness.</summary>
    public IReadOnlyList<V1Probe> Probes => [Container.StartupProbe, Container.LivenessProbe, Container.ReadinessProbe];

    /// <summary>Whether a selector chooses its pods.</summary>
    public bool IsChosenBy(IDictionary<string, string> labels) => labels.Count > 0 && labels.All(l => Template.Metadata.Labels.Contains(l));
}
