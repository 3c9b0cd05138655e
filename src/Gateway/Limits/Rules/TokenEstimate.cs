using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Gateway.Limits.Rules;

/// <summary>Tokens that a request is reserved with, before anybody knows what it uses.</summary>
/// <param name="Input">Of what is asked.</param>
/// <param name="Output">Of what may be answered, as the request says; 0 if it doesn't.</param>
/// <param name="Unsaid">Of what may be answered where the request says nothing.</param>
internal readonly record struct TokenEstimate(long Input, long Output, long Unsaid)
{
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
            return new TokenEstimate(Math.Max(1, input), 0, 0);
        }

        var choices = Math.Max(1, facts.Count ?? 1);
        return facts.MostOutput is { } most
            ? new TokenEstimate(Math.Max(1, input), checked(Math.Min(most, int.MaxValue) * choices), 0)
            : new TokenEstimate(Math.Max(1, input), 0, DefaultOutput * choices);
    }

    /// <summary>That of a response over a WebSocket.</summary>
    public static TokenEstimate OfResponse(long input, long? most)
        => most is { } said ? new TokenEstimate(Math.Max(1, input), said, 0) : new TokenEstimate(Math.Max(1, input), 0, DefaultOutput);

    /// <summary>The amount of a limit: what the request says in full, and the rest as far as the limit goes.</summary>
    public static long Amount(long said, long unsaid, long limit) => Math.Max(Math.Max(1, said), Math.Min(said + unsaid, limit));
}
