using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OpenAIProxy.Runner.Machine;

/// <summary>What the report says about where it was made.</summary>
internal static class Versions
{
    public static string Cpu => File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
        ?? RuntimeInformation.OSArchitecture.ToString();

    public static string Kernel => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    public static string MemoryGB => $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:F0} GB";

    public static string Dotnet => RuntimeInformation.FrameworkDescription;

    public static string Yarp(string folder) => FileVersionInfo.GetVersionInfo(Path.Combine(folder, "Yarp.ReverseProxy.dll")).FileVersion ?? "?";

    // wrk debian/4.1.0-3 [epoll] Copyright …   and   nginx version: nginx/1.22.1
    public static string Of(string command, string argument)
    {
        using var process = Process.Start(new ProcessStartInfo(command, argument) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
        return output.Split('\n')[0].Split(" Copyright")[0].Replace("nginx version: ", "", StringComparison.Ordinal).Trim();
    }
}
