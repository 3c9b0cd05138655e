namespace OpenAIProxy.Contracts;

/// <summary>
/// How the ledger learns of the completion window of a background response. Only the request for the response names the window, and the call
/// that counts the response later may go through another gateway, or the same one after a restart. So the requesting call sends a zero-cost row
/// whose <see cref="UsageRow.Once"/> carries the mark; the ledger then puts the row that counts the response by its id into the window's tier.
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
