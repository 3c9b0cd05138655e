using k8s;
using k8s.Models;
using OpenAIProxy.EndToEnd.Tests.Running;
using YamlDotNet.Serialization;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>
/// A folder of deploy/kubernetes as objects of Kubernetes: rendered by <c>kubectl kustomize</c> where that is, else put together from its files
/// without patches. A field that Kubernetes doesn't know is an error.
/// </summary>
internal sealed class Kustomization
{
    private Kustomization(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects) => Objects = [.. objects];

    /// <summary>False where there is no kubectl: then the files are read without it.</summary>
    public static bool HasKubectl { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "kubectl.exe" : "kubectl")));

    /// <summary>All objects.</summary>
    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>The workloads: what makes pods.</summary>
    public IEnumerable<KubeWorkload> Workloads
        => Of<V1Deployment>().Select(d => new KubeWorkload(this, d.Metadata.Name, d.Spec.Selector, d.Spec.Template))
            .Concat(Of<V1StatefulSet>().Select(s => new KubeWorkload(this, s.Metadata.Name, s.Spec.Selector, s.Spec.Template)));

    /// <summary>The objects of a type.</summary>
    public IEnumerable<T> Of<T>() => Objects.OfType<T>();

    /// <summary>The workload of a name.</summary>
    public KubeWorkload Workload(string name) => Workloads.Single(w => w.Name == name);

    /// <summary>Renders a folder.</summary>
    public static async Task<Kustomization> ReadAsync(string name)
    {
        if (!HasKubectl)
        {
            return Assemble(name);
        }

        var (exitCode, output, error) = await RunningCommand.RunAsync("kubectl", ["kustomize", Folder(name)]);
        Assert.True(exitCode == 0, error);
        Assert.Equal("", error);
        return new Kustomization(Parse(output));
    }

    /// <summary>Puts a folder together without kubectl: its files, ConfigMaps and images, and those of what it names.</summary>
    public static Kustomization Assemble(string name) => new(Collect(Folder(name)));

    private static List<IKubernetesObject<V1ObjectMeta>> Collect(string folder)
    {
        var file = Map(new DeserializerBuilder().Build().Deserialize(File.ReadAllText(Path.Combine(folder, "kustomization.yaml")))!);
        var objects = new List<IKubernetesObject<V1ObjectMeta>>();
        foreach (var path in List(file, "resources").Concat(List(file, "components")).Select(item => Path.GetFullPath(Path.Combine(folder, (string)item))))
        {
            objects.AddRange(Directory.Exists(path) ? Collect(path) : Parse(File.ReadAllText(path)));
        }

        foreach (var generator in List(file, "configMapGenerator").Select(Map))
        {
            var name = (string)generator["name"];
            var data = ((List<object>)generator["literals"]).Cast<string>().ToDictionary(l => l.Split('=', 2)[0], l => l.Split('=', 2)[1]);
            if (objects.OfType<V1ConfigMap>().SingleOrDefault(m => m.Metadata.Name == name) is { } merged)
            {
                Assert.Equal("merge", generator["behavior"]);
                data = merged.Data.Concat(data).GroupBy(p => p.Key).ToDictionary(p => p.Key, p => p.Last().Value);
                objects.Remove(merged);
            }

            objects.Add(new V1ConfigMap { Kind = "ConfigMap", Metadata = new V1ObjectMeta { Name = name }, Data = data });
        }

        var containers = new Kustomization(objects).Workloads.SelectMany(w => w.Pod.Containers).ToArray();
        foreach (var image in List(file, "images").Select(Map))
        {
            Assert.Single(containers, c => c.Image == (string)image["name"]).Image = $"{image["newName"]}:{image["newTag"]}";
        }

        return objects;
    }

    private static IEnumerable<IKubernetesObject<V1ObjectMeta>> Parse(string text)
        => KubernetesYaml.LoadAllFromString(text, typeMap: null, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>();

    private static string Folder(string name) => Tree.PathTo("deploy", "kubernetes", name);

    private static Dictionary<string, object> Map(object value) => ((Dictionary<object, object>)value).ToDictionary(e => (string)e.Key, e => e.Value);

    private static List<object> List(Dictionary<string, object> file, string key) => (List<object>)file.GetValueOrDefault(key, new List<object>());
}
