namespace OpenAIProxy.BillingService.Reports;

/// <summary>What a key has cost.</summary>
/// <param name="Dollars">US dollars of all that has a price.</param>
/// <param name="IsUnpriced">True if a part has none.</param>
internal readonly record struct KeyCost(decimal Dollars, bool IsUnpriced);
