namespace OpenAIProxy.Pricing;

/// <summary>Something about a price that is missing, inconsistent or uncertain.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Model">The model.</param>
/// <param name="From">The first day of the price it is about; null if it has held since always.</param>
/// <param name="Message">One sentence, without the model.</param>
public sealed record PriceFinding(PriceSeverity Severity, string Model, DateOnly? From, string Message);
