namespace OpenAIProxy.Gateway.Tests.Configuration;

/// <summary>A folder with an appsettings.json that changes.</summary>
internal sealed class SettingsFolder : IDisposable
{
    private const string Name = "appsettings.json";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-settings-");
    private int _versions;

    public string Path => _folder.FullName;

    public string File => System.IO.Path.Combine(Path, Name);

    /// <summary>Writes over the file, in place.</summary>
    public void Write(string json) => System.IO.File.WriteAllText(File, json);

    /// <summary>Puts another file in its place, as editors do.</summary>
    public void Replace(string json)
    {
        var next = File + ".next";
        System.IO.File.WriteAllText(next, json);
        System.IO.File.Move(next, File, overwrite: true);
    }

    /// <summary>Swaps a symbolic link on the way to it, as Kubernetes does with a ConfigMap: <c>appsettings.json → ..data/appsettings.json</c>.</summary>
    public void Swap(string json)
    {
        var version = $"..version{++_versions}";
        Directory.CreateDirectory(System.IO.Path.Combine(Path, version));
        System.IO.File.WriteAllText(System.IO.Path.Combine(Path, version, Name), json);
        var data = System.IO.Path.Combine(Path, "..data");
        if (Directory.Exists(data))
        {
            // .NET can't rename a link over another; between the two the file is not there.
            Directory.Delete(data);
        }

        Directory.CreateSymbolicLink(data, version);
        if (!System.IO.File.Exists(File))
        {
            System.IO.File.CreateSymbolicLink(File, System.IO.Path.Combine("..data", Name));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
