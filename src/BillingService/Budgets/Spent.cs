namespace OpenAIProxy.BillingService.Budgets;

/// <summary>What was spent.</summary>
/// <param name="MicroDollars">Micro-dollars (USD), rounded up by key. Usage without a price is not in it.</param>
/// <param name="IsUnpriced">True if there is such usage.</param>
internal readonly record struct Spent(long MicroDollars, bool IsUnpriced)
{
    /// <summary>Both together.</summary>
    public static Spent operator +(Spent a, Spent b) => new(a.MicroDollars + b.MicroDollars, a.IsUnpriced || b.IsUnpriced);
}
