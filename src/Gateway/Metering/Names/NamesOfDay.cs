using System.Collections.Concurrent;
using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Metering.Names;

/// <summary>The names and keys that were seen in successful answers of one UTC day. Adds only, up to a limit.</summary>
/// <param name="day">Days since year 1.</param>
/// <param name="before">Yesterday's; null if there was no successful answer then.</param>
internal sealed class NamesOfDay(long day, NamesOfDay? before)
{
    /// <summary>Names of all keys together: some megabytes, whatever callers make up.</summary>
    public const int MostOfAll = 20_000;

    private readonly ConcurrentDictionary<string, KeyEnding> _keys = new();
    private readonly ConcurrentDictionary<(string Key, string Name), bool> _names = new();
    private readonly ConcurrentDictionary<string, int> _namesOfKey = new();
    private readonly Lock _adding = new();
    private int _keyCount;
    private int _all;
    private int _surplusKeys;
    private int _surplusNames;

    public long Day => day;

    /// <summary>Yesterday's.</summary>
    public NamesOfDay? Before { get; private set; } = before;

    public bool HasKey(string key) => _keys.ContainsKey(key);

    /// <summary>The last characters of a key; null if it is not there.</summary>
    public KeyEnding? EndingOf(string key) => _keys.TryGetValue(key, out var ending) ? ending : null;

    public bool HasName(string key, string name) => _names.ContainsKey((key, name));

    /// <summary>Adds a key; false if the limit is reached.</summary>
    public bool AddKey(string key, KeyEnding ending, int most)
    {
        if (Volatile.Read(ref _keyCount) >= most)
        {
            return false;
        }

        if (_keys.TryAdd(key, ending))
        {
            Interlocked.Increment(ref _keyCount);
        }

        return true;
    }

    /// <summary>Adds a name; false if a limit is reached.</summary>
    public bool AddName(string key, string name, int most)
    {
        // Without the lock: whoever is beyond the limit calls again and again.
        if (_all >= MostOfAll || _namesOfKey.GetValueOrDefault(key) >= most)
        {
            return false;
        }

        lock (_adding)
        {
            var count = _namesOfKey.GetValueOrDefault(key);
            if (_all >= MostOfAll || count >= most)
            {
                return HasName(key, name);
            }

            if (_names.TryAdd((key, name), true))
            {
                _namesOfKey[key] = count + 1;
                _all++;
            }

            return true;
        }
    }

    /// <summary>True the first time that a key is beyond the limit.</summary>
    public bool IsFirstSurplusKey() => IsFirst(ref _surplusKeys);

    /// <summary>True the first time that a name is beyond a limit.</summary>
    public bool IsFirstSurplusName() => IsFirst(ref _surplusNames);

    /// <summary>Two days are kept.</summary>
    public void ForgetBefore() => Before = null;

    private static bool IsFirst(ref int surplus) => Volatile.Read(ref surplus) == 0 && Interlocked.Exchange(ref surplus, 1) == 0;
}
