using OpenAIProxy.UsageJournal.Files;

namespace OpenAIProxy.UsageJournal.Calls;

/// <summary>
/// The calls that have begun and not ended, where a killed process leaves them behind. Any thread takes and frees slots, by
/// compare-and-swap on a stack of free ones; only the journal's own thread adds tables. A slot's number has its generation in it, so that
/// a call that has ended can't disturb the next one in its slot.
/// </summary>
internal sealed class OpenCalls
{
    public const int MostTables = 16;
    public const int MostPerTable = 1 << 14;
    public const int GenerationMask = (1 << 13) - 1;

    private const int IndexBits = 18;
    private const int IndexMask = (1 << IndexBits) - 1;

    private readonly OpenCallTable[] _tables = new OpenCallTable[MostTables];
    private readonly int _perTable;

    // The topmost free slot + 1 in the lower half; a number that grows with each change in the upper, lest a swap mistake one state for another.
    private long _free;
    private int _unused;
    private int _capacity;

    public OpenCalls(int perTable)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perTable, MostPerTable);
        _perTable = perTable;
    }

    /// <summary>True if slots run out soon and there may be more.</summary>
    public bool NeedsTable
        => _capacity < MostTables * _perTable && Volatile.Read(ref _unused) >= _capacity - (_perTable / 4);

    /// <summary>Notes a call.</summary>
    /// <returns>Its slot; -1 if there is none.</returns>
    public int Take(in CallStart call)
    {
        int index;
        OpenCallTable table;
        do
        {
            index = Pop();
            if (index < 0)
            {
                return -1;
            }

            table = _tables[index / _perTable];
        }
        while (table.IsRetired);
        return (table.Put(index % _perTable, call) << IndexBits) | index;
    }

    public void Progress(int slot, int outputEstimate)
    {
        if (slot >= 0)
        {
            Table(slot, out var index).Progress(index, slot >> IndexBits, outputEstimate);
        }
    }

    /// <summary>Forgets a call. A second time does nothing.</summary>
    public void Free(int slot)
    {
        if (slot >= 0 && Table(slot, out var index).TryClear(index, slot >> IndexBits))
        {
            Push(slot & IndexMask);
        }
    }

    public void Add(OpenCallTable table)
    {
        _tables[_capacity / _perTable] = table;
        Volatile.Write(ref _capacity, _capacity + _perTable);
    }

    /// <summary>Lets no call begin in the tables so far: their folder is gone.</summary>
    public void Retire()
    {
        foreach (var table in Tables())
        {
            table.IsRetired = true;
        }

        Volatile.Write(ref _unused, _capacity);
    }

    /// <summary>
    /// Lets no call begin any more, and deletes the files without open calls. The memory stays mapped until the process ends: calls that
    /// come too late would crash it.
    /// </summary>
    /// <returns>True if none is left.</returns>
    public bool Close()
    {
        Retire();
        var isEmpty = true;
        foreach (var table in Tables())
        {
            isEmpty &= table.IsEmpty() && FileCleanup.TryDelete(table.Path);
        }

        return isEmpty;
    }

    private ReadOnlySpan<OpenCallTable> Tables() => _tables.AsSpan(0, _capacity / _perTable);

    private OpenCallTable Table(int slot, out int index)
    {
        (var table, index) = Math.DivRem(slot & IndexMask, _perTable);
        return _tables[table];
    }

    private int Pop()
    {
        var free = Volatile.Read(ref _free);
        while ((uint)free != 0)
        {
            var index = (int)(uint)free - 1;
            var below = Volatile.Read(ref Next(index));
            var seen = Interlocked.CompareExchange(ref _free, Changed(free, below), free);
            if (seen == free)
            {
                return index;
            }

            free = seen;
        }

        var unused = Volatile.Read(ref _unused);
        while (unused < Volatile.Read(ref _capacity))
        {
            var seen = Interlocked.CompareExchange(ref _unused, unused + 1, unused);
            if (seen == unused)
            {
                return unused;
            }

            unused = seen;
        }

        return -1;
    }

    private void Push(int index)
    {
        var free = Volatile.Read(ref _free);
        while (true)
        {
            Volatile.Write(ref Next(index), (int)(uint)free);
            var seen = Interlocked.CompareExchange(ref _free, Changed(free, index + 1), free);
            if (seen == free)
            {
                return;
            }

            free = seen;
        }
    }

    private static long Changed(long free, int top) => (((free >> 32) + 1) << 32) | (uint)top;

    private ref int Next(int index) => ref _tables[index / _perTable].Next[index % _perTable];
}
