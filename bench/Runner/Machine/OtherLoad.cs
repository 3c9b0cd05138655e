using System.Globalization;

namespace OpenAIProxy.Runner.Machine;

/// <summary>How much of the machine's CPU time went to others than this benchmark: says whether the figures can be trusted.</summary>
internal sealed class OtherLoad(Func<TimeSpan> own)
{
    private readonly (double Busy, double Stolen, double All) _before = Read();
    private readonly double _ownBefore = own().TotalSeconds;

    /// <summary>Shares of all cores' time since the start, 0 to 1: used by other processes, and kept back by the host of this virtual machine.</summary>
    public (double Others, double Stolen) Stop()
    {
        var (busy, stolen, all) = Read();
        var total = Math.Max(all - _before.All, 1e-9);
        return (Math.Max(0, busy - _before.Busy - (own().TotalSeconds - _ownBefore)) / total, (stolen - _before.Stolen) / total);
    }

    // cpu  user nice system idle iowait irq softirq steal guest guest_nice, in hundredths of a second. Guests are in user already.
    private static (double Busy, double Stolen, double All) Read()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(t => double.Parse(t, CultureInfo.InvariantCulture) / 100).ToArray();
        // A process's clock goes on while it is interrupted (irq, softirq): left out here, that work would hide as much of the others'.
        return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6], ticks[7], ticks.Sum());
    }
}
