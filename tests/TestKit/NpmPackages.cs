using System.Diagnostics;

namespace OpenAIProxy.TestKit;

/// <summary>Installs the npm packages that a folder's lock file names, unless they are there: test.sh has done it, as a rule.</summary>
public static class NpmPackages
{
    /// <exception cref="InvalidOperationException">npm could not; says what npm said.</exception>
    public static async Task InstallAsync(string folder)
    {
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) > File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        {
            return;
        }

        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = await Task.WhenAll(npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
        {
            throw new InvalidOperationException(string.Concat(said));
        }
    }
}
