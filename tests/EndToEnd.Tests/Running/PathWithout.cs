namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>A PATH on which some programs are missing and all others are, as on a machine where they were never installed.</summary>
internal sealed class PathWithout : IDisposable
{
    private static readonly Lazy<PathWithout> EngineFree = new(() =>
    {
        var path = new PathWithout("docker", "podman");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => path.Dispose();
        return path;
    });

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-path-");

    public PathWithout(params IReadOnlyCollection<string> programs)
    {
        foreach (var file in Environment.GetEnvironmentVariable("PATH")!.Split(System.IO.Path.PathSeparator).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles))
        {
            var link = System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file));
            if (!programs.Contains(System.IO.Path.GetFileName(file)) && !System.IO.Path.Exists(link))
            {
                File.CreateSymbolicLink(link, file);
            }
        }
    }

    /// <summary>One without container engines: with one, Redis is a container, and the tests would depend on what can be pulled.</summary>
    public static string Engines => EngineFree.Value.Path;

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
