using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal.Calls;

/// <summary>A file of open calls.</summary>
internal sealed class OpenCallTable
{
    private readonly MappedFile _file;
    private readonly uint _seed;
    private readonly ushort[] _generations;

    private OpenCallTable(string path, MappedFile file, Guid cutId, int slots)
    {
        Path = path;
        _file = file;
        _seed = Checksum.Seed(cutId);
        _generations = new ushort[slots];
        Next = new int[slots];
    }

    public string Path { get; }

    /// <summary>The stack of free slots: for each slot in it, the one below.</summary>
    public int[] Next { get; }

    /// <summary>True once its file is gone: its calls may end, but no new ones begin here.</summary>
    public bool IsRetired { get; set; }

    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    public static OpenCallTable Create(string folder, int slots)
    {
        var cutId = Guid.CreateVersion7();
        var path = System.IO.Path.Combine(folder, $"{cutId:N}{JournalFolder.Calls}");
        Span<byte> header = stackalloc byte[SlotFormat.HeaderBytes];
        header.Clear();
        SlotFormat.WriteHeader(header, cutId, slots);
        return new OpenCallTable(path, MappedFile.Create(path, (slots + 1) * SlotFormat.Bytes, header), cutId, slots);
    }

    /// <summary>Puts a call into a slot that the caller took.</summary>
    /// <returns>The slot's generation: what was put in before has another one.</returns>
    public int Put(int index, in CallStart call)
    {
        var slot = Slot(index);
        var generation = _generations[index] = (ushort)((_generations[index] + 1) & OpenCalls.GenerationMask);
        SlotFormat.Write(slot, call, _seed);
        Volatile.Write(ref SlotFormat.State(slot), State(generation));
        return generation;
    }

    public void Progress(int index, int generation, int outputEstimate)
    {
        var slot = Slot(index);
        if (Volatile.Read(ref SlotFormat.State(slot)) == State(generation))
        {
            Volatile.Write(ref SlotFormat.Output(slot), SlotFormat.PackOutput(outputEstimate));
        }
    }

    /// <summary>Takes a call out; false if it isn't there any more.</summary>
    public bool TryClear(int index, int generation)
        => Interlocked.CompareExchange(ref SlotFormat.State(Slot(index)), 0, State(generation)) == State(generation);

    public bool IsEmpty()
    {
        for (var i = 0; i < Next.Length; i++)
        {
            if (Volatile.Read(ref SlotFormat.State(Slot(i))) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int State(int generation) => SlotFormat.Taken(generation);

    private Span<byte> Slot(int index) => _file.Bytes.Slice((index + 1) * SlotFormat.Bytes, SlotFormat.Bytes);
}
