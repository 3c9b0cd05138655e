using System.IO.MemoryMappedFiles;
using OpenAIProxy.ServiceDefaults.Files;

namespace OpenAIProxy.UsageJournal.Files;

/// <summary>
/// A file as memory. What is written to it belongs to the kernel at once, and outlives the process. Its space is taken when it is made: on
/// a disk that fills up later, writing can't fail (with a hole in the file it would kill the process).
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private static readonly byte[] Zeros = new byte[64 << 10];

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _length;

    private MappedFile(FileStream stream, int bytes)
    {
        _length = bytes;
        _file = MemoryMappedFile.CreateFromFile(stream, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, bytes);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    public bool IsDisposed { get; private set; }

    /// <summary>All of it. Not to be touched once this is disposed.</summary>
    public Span<byte> Bytes => new(_start, _length);

    /// <summary>Makes a new file that begins with a header and goes on with zeros. Under its name it is never seen without the header.</summary>
    /// <exception cref="IOException">It can't be made; nothing of it is left.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static MappedFile Create(string path, int bytes, ReadOnlySpan<byte> header)
    {
        var unfinished = path + JournalFolder.Unfinished;
        FileStream? stream = null;
        try
        {
            stream = new FileStream(unfinished, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                PreallocationSize = bytes,
            }.AsOwn());
            // Not every file system can preallocate, and .NET doesn't say when it couldn't. Zeros that are written are there.
            for (var left = bytes; left > 0; left -= Zeros.Length)
            {
                stream.Write(Zeros.AsSpan(0, Math.Min(left, Zeros.Length)));
            }

            stream.Position = 0;
            stream.Write(header);
            File.Move(unfinished, path);
            return new MappedFile(stream, bytes);
        }
        catch
        {
            if (stream is not null)
            {
                stream.Dispose();
                FileCleanup.TryDelete(unfinished);
                FileCleanup.TryDelete(path);
            }

            throw;
        }
    }

    public void Dispose()
    {
        if (IsDisposed)
        {
            return;
        }

        IsDisposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        // The handle first: a view that is disposed by itself waits until the disk has written everything.
        _view.SafeMemoryMappedViewHandle.Dispose();
        _view.Dispose();
        _file.Dispose();
    }
}
