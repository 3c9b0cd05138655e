using System.Globalization;

namespace OpenAIProxy.Standalone.Tests;

/// <summary>The TCP ports on which a process listens, as Linux shows them.</summary>
internal static class ListeningPorts
{
    private const string Listens = "0A";

    private static readonly string[] Tables = ["tcp", "tcp6"];

    public static int[] Of(int process)
    {
        var sockets = Directory.EnumerateFiles($"/proc/{process}/fd").Select(file => new FileInfo(file).LinkTarget ?? "").ToHashSet();
        return [.. Tables
            .SelectMany(table => File.ReadLines($"/proc/{process}/net/{table}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            // proc_pid_net(5): local address and port in hexadecimal, state, inode.
            .Where(fields => fields[3] == Listens && sockets.Contains($"socket:[{fields[9]}]"))
            .Select(fields => int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).Distinct()];
    }
}
