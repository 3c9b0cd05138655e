using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Calls;
using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.JournalBench;

/// <summary>
/// The simplest file that would do: each call is written twice, at its start and at its end, behind the last record, with a checksum. Writers
/// take their places without a lock. Files are not rotated, shipped or recovered here.
/// </summary>
internal sealed class AppendFile(string folder) : IKeepsCalls
{
    private const int Most = 2048;
    private const int Head = 8;

    private readonly SafeFileHandle _file = File.OpenHandle(
        Path.Combine(folder, "append"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.None, preallocationSize: 0);
    private long _end;

    public void Keep(in CallStart call, UsageRecord record)
    {
        Span<byte> bytes = stackalloc byte[Most];
        var start = bytes[Head..];
        call.Id.TryWriteBytes(start);
        MemoryMarshal.Write(start[16..], call.Started);
        MemoryMarshal.Write(start[24..], call.InputEstimate);
        var length = 28 + System.Text.Encoding.UTF8.GetBytes(call.Key, start[28..]);
        length += System.Text.Encoding.UTF8.GetBytes(call.RequestedModel, start[length..]);
        Append(bytes[..(Head + length)]);
        Append(bytes[..(Head + RecordFormat.Write(record, bytes[Head..]))]);
    }

    public void Dispose() => _file.Dispose();

    private void Append(Span<byte> bytes)
    {
        var at = Interlocked.Add(ref _end, bytes.Length) - bytes.Length;
        MemoryMarshal.Write(bytes, bytes.Length - Head);
        MemoryMarshal.Write(bytes[4..], Checksum.Add((uint)at, bytes[Head..]));
        RandomAccess.Write(_file, bytes, at);
    }
}
