using System.Globalization;
using System.Text;

namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>A process as <c>/proc</c> shows it. Its id may be given to another one later, its id with its start time never.</summary>
internal sealed record ProcessEntry(int Id, long StartTime, int ParentId, string CommandLine)
{
    /// <summary>Its environment at its start; empty if it can't be read or was overwritten (Redis writes its title there).</summary>
    public IReadOnlyDictionary<string, string> Environment
        => Read("environ").Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(e => e.Split('=', 2)).Where(e => e.Length == 2).GroupBy(e => e[0]).ToDictionary(g => g.Key, g => g.First()[1]);

    /// <summary>True if both are the same process, whatever program it runs by now.</summary>
    public bool IsSameAs(ProcessEntry other) => Id == other.Id && StartTime == other.StartTime;

    /// <summary>All processes of this machine that are more than a zombie.</summary>
    public static IReadOnlyList<ProcessEntry> All()
        => [.. Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? TryRead(id) : null)
            .OfType<ProcessEntry>()];

    /// <inheritdoc/>
    public override string ToString() => $"{Id} {CommandLine}";

    private static ProcessEntry? TryRead(int id)
    {
        var stat = Read(id, "stat");
        if (stat.Length == 0)
        {
            return null;
        }

        // "123 (name, which may hold anything) S ppid …", fields as proc(5) counts them from 3 on.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X"
            ? null
            : new ProcessEntry(id, Number(fields, 22), (int)Number(fields, 4), Read(id, "cmdline").Replace('\0', ' ').Trim());
    }

    private static long Number(string[] fields, int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture);

    private string Read(string file) => Read(Id, file);

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}", Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
