using IOPath = System.IO.Path;

namespace OpenAIProxy.AppHost.Tests.Running;

/// <summary>A PATH of one folder, as on a machine where only some programs are installed.</summary>
internal sealed class ToolFolder : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly string[] Choices = ["docker", "podman", "redis-server"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-path-");

    /// <summary>All programs of this machine but container engines and Redis, and of these only <paramref name="installed"/>.</summary>
    public ToolFolder(params IEnumerable<string> installed)
    {
        var missing = Choices.Except(installed).ToHashSet();
        foreach (var file in Environment.GetEnvironmentVariable("PATH")!.Split(IOPath.PathSeparator).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles))
        {
            var link = IOPath.Combine(Path, IOPath.GetFileName(file));
            if (!missing.Contains(IOPath.GetFileName(file)) && !IOPath.Exists(link))
            {
                File.CreateSymbolicLink(link, file);
            }
        }
    }

    /// <summary>The value for PATH.</summary>
    public string Path => _folder.FullName;

    /// <summary>Installs a <c>docker</c> that says yes to everything and does nothing: enough for a model that is never started.</summary>
    public ToolFolder WithFakeEngine()
    {
        var docker = IOPath.Combine(Path, "docker");
        File.WriteAllText(docker, "#!/bin/sh\nexit 0\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(docker, Executable);
        }

        return this;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
