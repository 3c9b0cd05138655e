using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Gateway.Limits.Rules;

/// <summary>Tokens that a request is reserved with, before anybody knows what it uses. Each at most <see cref="Most"/>.</summary>
/// <param name="Input">Of what is asked.</param>
/// <param name="Output">Of what may be answered, as the request says; 0 if it doesn't.</param>
/// <param name="Unsaid">Of what may be answered where the request says nothing.</param>
internal readonly record struct TokenEstimate(long Input, long Output, long Unsaid)
{
    /// <summary>Callers may write any number: sums of these never overflow.</summary>
    public const long Most = int.MaxValue;

    /// <summary>What is taken for the answer of a request that doesn't say how long it may be.</summary>
    public const long DefaultOutput = 1_000;

    /// <summary>The most that is taken for the input of a request that is too large to be read before it goes on.</summary>
    public const long MostUnreadInput = 10_000;

    private const int BytesOfToken = 4;

    /// <summary>That of a request whose body has been read, if it is held.</summary>
    public static TokenEstimate Of(EndpointRow endpoint, RequestFacts facts, HttpRequest request)
    {
        var input = facts.InputEstimate > 0 ? facts.InputEstimate : Math.Min((request.ContentLength ?? 0) / BytesOfToken, MostUnreadInput);
        if (endpoint.Kind is not (MeterKind.Completion or MeterKind.Response or MeterKind.Run))
        {
            return new TokenEstimate(Math.Clamp(input, 1, Most), 0, 0);
        }

        return OfAnswers(input, facts.MostOutput, Math.Clamp(facts.Count ?? 1, 1, Most));
    }

    /// <summary>That of a response over a WebSocket.</summary>
    public static TokenEstimate OfResponse(long input, long? most) => OfAnswers(input, most, 1);

    /// <summary>The amount of a limit: what the request says in full, and the rest as far as the limit goes.</summary>
    public static long Amount(long said, long unsaid, long limit) => Math.Max(Math.Max(1, said), Math.Min(said + unsaid, limit));

    private static TokenEstimate OfAnswers(long input, long? most, long choices)
    {
        var output = Math.Min(Math.Clamp(most ?? DefaultOutput, 0, Most) * choices, Most);
        return most is null ? new TokenEstimate(Math.Clamp(input, 1, Most), 0, output) : new TokenEstimate(Math.Clamp(input, 1, Most), output, 0);
    }
}
