namespace OpenAIProxy.Contracts;

/// <summary>
/// How the ledger learns of the window of a background response, which only the request for it names: whoever counts the response later may
/// be another gateway, or the same one after a restart. The call that asks for it tells of a free row with the mark as its
/// <see cref="UsageRow.Once"/>; the row that counts the response by its id is then in the window's tier.
/// </summary>
public static class CompletionWindow
{
    /// <summary>The windows that have a price of their own.</summary>
    public static IReadOnlyList<string> Tiers { get; } = [ServiceTier.Window2h, ServiceTier.Window8h];

    /// <summary>The mark of a response.</summary>
    /// <param name="once">The <see cref="UsageRow.Once"/> of the row that counts it.</param>
    /// <param name="tier">One of <see cref="Tiers"/>.</param>
    public static string Mark(string once, string tier) => $"{once} window {tier}";
}
