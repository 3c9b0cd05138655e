using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>What usage costs.</summary>
/// <param name="File">A file of prices over those that come with the product; null for none.</param>
/// <param name="Book">The prices as they were read at start.</param>
public sealed record PriceSettings(string? File, PriceBook Book);
