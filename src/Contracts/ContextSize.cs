namespace OpenAIProxy.Contracts;

/// <summary>
/// The size class of a request's whole input. Some models bill a request with a long input at another rate altogether, so requests of
/// different classes are never added up. Where a price changes must be one of <see cref="Boundaries"/>.
/// </summary>
public static class ContextSize
{
    private static readonly int[] All = [0, 128_000, 200_000, 272_000, 400_000];

    /// <summary>Tokens, rising, from 0. A class holds the requests with more input tokens than its boundary, and at most the next one's.</summary>
    public static IReadOnlyList<int> Boundaries => All;

    /// <summary>The class of a request: the largest boundary that <paramref name="inputTokens"/>, cached ones included, is above; else 0.</summary>
    public static int Of(long inputTokens)
    {
        for (var i = All.Length - 1; i > 0; i--)
        {
            if (inputTokens > All[i])
            {
                return All[i];
            }
        }

        return 0;
    }
}
