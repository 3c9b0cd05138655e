namespace OpenAIProxy.BillingService.Pages.SignIn;

/// <summary>Slows down guessing: so many wrong keys in a minute, then nobody signs in until it is over.</summary>
internal sealed class SignInThrottle(TimeProvider time)
{
    /// <summary>How many wrong keys in a minute.</summary>
    public const int MostFailures = 60;

    private readonly Lock _lock = new();
    private long _minute;
    private int _failures;

    /// <summary>True if there were too many wrong keys.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                Advance();
                return _failures >= MostFailures;
            }
        }
    }

    /// <summary>Counts a wrong key.</summary>
    public void Fail()
    {
        lock (_lock)
        {
            Advance();
            _failures++;
        }
    }

    private void Advance()
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (minute != _minute)
        {
            (_minute, _failures) = (minute, 0);
        }
    }
}
