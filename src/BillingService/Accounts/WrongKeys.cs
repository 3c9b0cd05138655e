namespace OpenAIProxy.BillingService.Accounts;

/// <summary>
/// Slows down guessing: so many wrong keys in a minute, of one client or of all, and every other wrong one is only told to wait. All doors that
/// take the admin token count here together. A right key opens whatever its client, or somebody with the same address, has tried before.
/// </summary>
internal sealed class WrongKeys(TimeProvider time)
{
    /// <summary>How many wrong keys of one client in a minute.</summary>
    public const int Most = 20;

    /// <summary>How many wrong keys in a minute in all: who has many addresses has no more tries than this.</summary>
    public const int MostOfAll = 2_000;

    private const int SecondsPerMinute = 60;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _clients = [];
    private int _all;
    private long _minute;

    /// <summary>Counts a wrong key of <paramref name="client"/>, empty if no gateway names it. False if there were too many for now.</summary>
    public bool TryCount(string client)
    {
        lock (_lock)
        {
            if (AreTooMany(client))
            {
                return false;
            }

            _clients[client] = _clients.GetValueOrDefault(client) + 1;
            _all++;
            return true;
        }
    }

    /// <summary>How long a client has to wait: seconds until the minute is over.</summary>
    public long SecondsToWait() => SecondsPerMinute - (time.GetUtcNow().ToUnixTimeSeconds() % SecondsPerMinute);

    private bool AreTooMany(string client)
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / SecondsPerMinute;
        if (minute != _minute)
        {
            _minute = minute;
            _all = 0;
            _clients.Clear();
        }

        return _all >= MostOfAll || _clients.GetValueOrDefault(client) >= Most;
    }
}
