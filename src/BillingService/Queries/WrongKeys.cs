namespace OpenAIProxy.BillingService.Pages.SignIn;

/// <summary>Slows down guessing: so many wrong keys in a minute, of one client or of all, then no sign-in until the minute is over.</summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    /// <summary>How many wrong keys of one client in a minute.</summary>
    public const int MostFailures = 20;

    /// <summary>How many wrong keys in a minute in all: who has many addresses has no more tries than this.</summary>
    public const int MostFailuresOfAll = 2_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _failures = [];
    private int _all;
    private long _minute;

    /// <summary>
    /// Counts a key of <paramref name="client"/> as wrong, before it is looked at: keys that come at once count, too. False if there were too
    /// many, and it must not be looked at.
    /// </summary>
    /// <param name="client">A mark of the client; empty for those whom nobody tells apart.</param>
    public bool TryBegin(string client)
    {
        lock (_lock)
        {
            Advance();
            var failures = _failures.GetValueOrDefault(client);
            if (failures >= MostFailures || _all >= MostFailuresOfAll)
            {
                return false;
            }

            _failures[client] = failures + 1;
            _all++;
            return true;
        }
    }

    /// <summary>Takes back what <see cref="TryBegin"/> counted: the key was right.</summary>
    public void Succeed(string client)
    {
        lock (_lock)
        {
            Advance();
            if (_failures.GetValueOrDefault(client) is > 0 and var failures)
            {
                _failures[client] = failures - 1;
                _all--;
            }
        }
    }

    private void Advance()
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (minute != _minute)
        {
            _minute = minute;
            _all = 0;
            _failures.Clear();
        }
    }
}
