namespace OpenAIProxy.Gateway.Billing;

/// <summary>What a caller may still do and spend.</summary>
/// <param name="Budgets">
/// The value of <see cref="Contracts.InternalHeaders.Budgets"/>; null for a caller without budgets, or if nobody knows what is left.
/// </param>
/// <param name="Limits">The value of <see cref="Contracts.InternalHeaders.Limits"/>; null for a caller without limits.</param>
internal readonly record struct Allowance(string? Budgets, string? Limits);
