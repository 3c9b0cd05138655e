using System.Globalization;

namespace OpenAIProxy.Runner.Machine;

/// <summary>CPU time of this process and of those children that have ended, such as wrk.</summary>
internal static class OwnCpu
{
    private const double TicksPerSecond = 100;

    // proc(5): fields 14 to 17 are utime, stime, cutime, cstime. The second field is a name in brackets that may hold spaces.
    public static TimeSpan Read()
    {
        var text = File.ReadAllText("/proc/self/stat");
        var ticks = text[(text.LastIndexOf(')') + 2)..].Split(' ').Skip(11).Take(4).Sum(t => double.Parse(t, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
