using System.Globalization;

namespace OpenAIProxy.Runner.Machine;

/// <summary>Which cores do what: the proxy under test has the last one for itself, simulator and load share the others.</summary>
internal static class Cores
{
    // Of this machine, not of this process: that one is pinned already.
    public static int Count { get; } = File.ReadLines("/proc/stat").Count(l => l.StartsWith("cpu", StringComparison.Ordinal)) - 1;

    public static bool ArePinned => Count > 1;

    /// <summary>For taskset -c.</summary>
    public static string Proxy { get; } = (Count - 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>For taskset -c.</summary>
    public static string Load { get; } = Count < 3 ? "0" : $"0-{Count - 2}";

    /// <summary>For taskset -c: where nothing is pinned.</summary>
    public static string All { get; } = Count < 2 ? "0" : $"0-{Count - 1}";
}
