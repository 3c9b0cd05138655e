namespace OpenAIProxy.Contracts.Keys;

/// <summary>How much may be done in a time, in the notation of <see cref="RateLimit"/>: <c>60/minute;1000/day</c>; empty for no bound.</summary>
/// <param name="Requests">Calls.</param>
/// <param name="Tokens">Tokens, input and output together.</param>
/// <param name="InputTokens">Tokens of what is asked.</param>
/// <param name="OutputTokens">Tokens of what is answered, reasoning included.</param>
/// <param name="Concurrency">Calls in progress at the same time, a whole number: <c>5</c>.</param>
public sealed record KeyLimits(string Requests = "", string Tokens = "", string InputTokens = "", string OutputTokens = "", string Concurrency = "")
{
    /// <summary>No bounds.</summary>
    public static KeyLimits None { get; } = new();
}
