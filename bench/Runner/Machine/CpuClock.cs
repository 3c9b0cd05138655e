using System.Runtime.InteropServices;

namespace OpenAIProxy.Runner.Machine;

/// <summary>The CPU time that a process has used, user and system, all threads: what /proc/PID/stat says in ticks of 10 ms, in nanoseconds.</summary>
internal static partial class CpuClock
{
    // clock_getcpuclockid(3): the id of a process's CPU clock is made of its id and CPUCLOCK_SCHED.
    private const int SchedulerClock = 2;

    public static TimeSpan Of(int processId)
    {
        if (GetTime((~processId << 3) | SchedulerClock, out var time) != 0)
        {
            throw new InvalidOperationException($"Process {processId} has no CPU clock; has it ended?");
        }

        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
