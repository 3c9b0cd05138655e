namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>A PATH on which one program is missing and all others are, as on a machine where it was never installed.</summary>
internal sealed class PathWithout : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-path-");

    public PathWithout(string program)
    {
        foreach (var file in Environment.GetEnvironmentVariable("PATH")!.Split(System.IO.Path.PathSeparator).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles))
        {
            var link = System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file));
            if (System.IO.Path.GetFileName(file) != program && !System.IO.Path.Exists(link))
            {
                File.CreateSymbolicLink(link, file);
            }
        }
    }

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
