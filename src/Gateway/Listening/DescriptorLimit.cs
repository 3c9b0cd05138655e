using System.Globalization;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>How many files, sockets included, a process may have open. One more, and parts of the runtime that can't do without end it.</summary>
internal static class DescriptorLimit
{
    /// <summary>The limit of this process; null if there is none, or where it can't be told.</summary>
    public static long? OfThisProcess()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Parse(File.ReadAllLines("/proc/self/limits")) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container without /proc.
            return null;
        }
    }

    /// <summary>
    /// Reads the first number of this line, the one that holds; the runtime has raised it to the second at its start.
    /// <c>Max open files            1024                 524288               files</c>
    /// </summary>
    internal static long? Parse(IEnumerable<string> limits)
    {
        const string name = "Max open files";
        var line = limits.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        var first = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
