using System.ComponentModel;
using System.Diagnostics;

namespace OpenAIProxy.AppHost.Running;

/// <summary>The container engine that Aspire's orchestrator would use.</summary>
internal static class ContainerEngine
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The name of the engine that runs on this machine, <c>docker</c> or <c>podman</c>; null if none does. A client without an engine
    /// (Docker Desktop that isn't started) is none. <c>ASPIRE_CONTAINER_RUNTIME</c> names the one to use, as for Aspire.
    /// </summary>
    public static string? Find()
    {
        var chosen = Environment.GetEnvironmentVariable("ASPIRE_CONTAINER_RUNTIME") ?? Environment.GetEnvironmentVariable("DOTNET_ASPIRE_CONTAINER_RUNTIME");
        var candidates = string.IsNullOrWhiteSpace(chosen) ? ["docker", "podman"] : new[] { chosen };
        return candidates.FirstOrDefault(Answers);
    }

    // Listing containers needs the engine itself; "version" is answered by the client alone.
    private static bool Answers(string engine)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(engine, ["container", "ls", "--last", "1", "--quiet"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            if (process is null)
            {
                return false;
            }

            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(Limit))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            // Not installed.
            return false;
        }
    }
}
