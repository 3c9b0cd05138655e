using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Clients;

/// <summary>Installs the npm packages that a folder's lock file names, unless they are there.</summary>
internal static class NpmPackages
{
    public static async Task InstallAsync(string folder)
    {
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) > File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            return;
        }

        var (exitCode, output, error) = await RunningCommand.RunAsync("npm", ["ci", "--no-audit", "--no-fund"], folder: folder);
        Assert.True(exitCode == 0, output + error);
    }
}
