namespace OpenAIProxy.BillingService.Pages.SignIn;

/// <summary>Slows down guessing: so many wrong keys of a client in a minute, then it does not sign in until the minute is over.</summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    /// <summary>How many wrong keys of one client in a minute.</summary>
    public const int MostFailures = 20;

    /// <summary>How many clients are told apart in a minute; all further ones count as one.</summary>
    public const int MostClients = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _failures = [];
    private long _minute;

    /// <summary>True if there were too many wrong keys of <paramref name="client"/>.</summary>
    public bool IsClosed(string client)
    {
        lock (_lock)
        {
            Advance();
            return _failures.GetValueOrDefault(Row(client)) >= MostFailures;
        }
    }

    /// <summary>Counts a wrong key of <paramref name="client"/>; empty for those whom nobody tells apart.</summary>
    public void Fail(string client)
    {
        lock (_lock)
        {
            Advance();
            var row = Row(client);
            _failures[row] = _failures.GetValueOrDefault(row) + 1;
        }
    }

    private string Row(string client) => _failures.Count < MostClients || _failures.ContainsKey(client) ? client : "";

    private void Advance()
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (minute != _minute)
        {
            _minute = minute;
            _failures.Clear();
        }
    }
}
