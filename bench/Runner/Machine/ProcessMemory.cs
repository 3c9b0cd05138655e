using System.Globalization;

namespace OpenAIProxy.Runner.Machine;

/// <summary>A process's resident memory in KB of 1,024 bytes, as the kernel counts it.</summary>
internal static class ProcessMemory
{
    public static long ResidentKB(int processId) => Read(processId, "VmRSS:");

    /// <summary>The highest value since the start or the last <see cref="ForgetPeak"/>.</summary>
    public static long PeakKB(int processId) => Read(processId, "VmHWM:");

    // proc(5): 5 resets the peak resident set size to the current one.
    public static void ForgetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    // VmRSS:	   47440 kB
    private static long Read(int processId, string name)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
