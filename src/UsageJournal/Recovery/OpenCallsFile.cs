using System.Numerics;
using System.Runtime.InteropServices;
using OpenAIProxy.Contracts;
using OpenAIProxy.Usage;
using OpenAIProxy.UsageJournal.Calls;
using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Segments;

namespace OpenAIProxy.UsageJournal.Recovery;

/// <summary>A file of open calls as a killed gateway left it. It may be damaged.</summary>
internal sealed class OpenCallsFile
{
    // A taken slot's state has 16 bits set, a free one's none.
    private const int FewestStateBits = 8;

    private readonly byte[] _file;
    private readonly uint _seed;
    private readonly int _slots;
    private readonly bool _isHeaderSound;
    private readonly bool _isFirstVersion;
    private readonly NameCache _names;
    private readonly InterruptedNames _models;
    private int _saved;
    private int _lost;
    private int _damaged;

    /// <param name="file">Its bytes.</param>
    /// <param name="name">The file's name without its ending, which is the id of the segment to make of it.</param>
    /// <param name="names">Where texts come from.</param>
    /// <param name="models">Bounds the models asked for.</param>
    public OpenCallsFile(byte[] file, string name, NameCache names, InterruptedNames models)
    {
        _file = file;
        _names = names;
        _models = models;
        _isHeaderSound = SlotFormat.TryReadHeader(file, out var id, out _slots, out _isFirstVersion);
        Id = id;
        // As with segments: a header without a checksum may tell a wrong id.
        if (!(_isHeaderSound && !_isFirstVersion) && Guid.TryParse(name, out var named) && named != id && !HasCall(id) && HasCall(named))
        {
            Id = named;
            _isHeaderSound = false;
        }

        _seed = Checksum.Seed(Id);
    }

    /// <summary>The id of the segment that is made of it.</summary>
    public Guid Id { get; }

    /// <summary>The calls that were open, as what is to be recorded of them.</summary>
    public IEnumerable<UsageRecord> Calls()
    {
        for (var at = SlotFormat.Bytes; at + SlotFormat.Bytes <= _file.Length; at += SlotFormat.Bytes)
        {
            if (!IsTaken(at))
            {
                continue;
            }

            if (Read(at) is { } record)
            {
                _saved++;
                yield return record;
            }
            else
            {
                _lost++;
            }
        }
    }

    /// <summary>What became of the calls, once all were read.</summary>
    public DamageReport Report()
    {
        var isTorn = _file.Length < (_slots + 1) * (long)SlotFormat.Bytes;
        var damage = DamageReport.Classify(_file, _isHeaderSound, isOurs: _saved > 0 || _lost == 0, isTorn, _lost + _damaged);
        return new DamageReport(damage, _saved, _lost, damage is JournalDamage.Torn or JournalDamage.Empty or JournalDamage.Foreign);
    }

    private bool HasCall(Guid id)
    {
        var seed = Checksum.Seed(id);
        for (var at = SlotFormat.Bytes; at + SlotFormat.Bytes <= _file.Length; at += SlotFormat.Bytes)
        {
            if (IsWhole(_file.AsSpan(at, SlotFormat.Bytes), seed, out _))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsTaken(int at)
    {
        var state = MemoryMarshal.Read<uint>(_file.AsSpan(at));
        return _isFirstVersion ? state != 0 : BitOperations.PopCount(state) >= FewestStateBits;
    }

    private static bool IsWhole(ReadOnlySpan<byte> slot, uint seed, out int end)
    {
        end = SlotFormat.TextAt + slot[SlotFormat.LengthsAt] + slot[SlotFormat.LengthsAt + 1] + slot[SlotFormat.LengthsAt + 2]
            + MemoryMarshal.Read<ushort>(slot[SlotFormat.ModelLengthAt..]);
        return end <= SlotFormat.Bytes && MemoryMarshal.Read<uint>(slot[SlotFormat.SumAt..]) == SlotFormat.Sum(slot, end, seed);
    }

    private UsageRecord? Read(int at)
    {
        var slot = _file.AsSpan(at, SlotFormat.Bytes);
        if (!IsWhole(slot, _seed, out var end))
        {
            return null;
        }

        var input = MemoryMarshal.Read<int>(slot[SlotFormat.InputAt..]);
        var output = SlotFormat.Output(slot);
        if (!_isFirstVersion && !SlotFormat.TryUnpackOutput(output, out output))
        {
            // Nobody knows how much had passed.
            output = 0;
            _damaged++;
        }

        var (keyLength, endpoint, region) = (slot[SlotFormat.LengthsAt], slot[SlotFormat.LengthsAt + 1], slot[SlotFormat.LengthsAt + 2]);
        var endpointAt = SlotFormat.TextAt + keyLength;
        var key = _names.Of(slot.Slice(SlotFormat.TextAt, keyLength));
        var counts = new UsageCounts { Requests = 1, Cut = 1 };
        var unit = UsageUnit.Unmetered;
        if ((slot[SlotFormat.FlagsAt] & SlotFormat.FreeFlag) != 0)
        {
            // Another call counts its tokens, whatever passed in this one.
            unit = UsageUnit.Free;
        }
        else if (input > 0 || output > 0)
        {
            unit = UsageUnit.Tokens;
            counts.Input = Math.Max(input, 0);
            counts.Output = Math.Max(output, 0);
        }

        return new UsageRecord
        {
            Id = new Guid(slot.Slice(SlotFormat.IdAt, 16)),
            Started = MemoryMarshal.Read<long>(slot[SlotFormat.StartedAt..]),
            Key = key,
            Endpoint = _names.Of(slot.Slice(endpointAt, endpoint)),
            Region = _names.Of(slot.Slice(endpointAt + endpoint, region)),
            RequestedModel = _models.Bound(key, _names.Of(slot[(endpointAt + endpoint + region)..end])),
            IsCut = true,
            Duration = -1,
            Lines = [new UsageLine("", ServiceTier.Default, unit, unit == UsageUnit.Tokens, counts)],
        };
    }
}
