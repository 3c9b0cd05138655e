namespace OpenAIProxy.Pricing;

/// <summary>What a model costs on a day.</summary>
/// <param name="Model">The model, or another name of it.</param>
/// <param name="Kind">What it is for: <c>chat</c>, <c>embedding</c>, <c>image</c> …</param>
/// <param name="From">The first day of the price; null if it has held since always.</param>
/// <param name="Tokens">Prices of tokens in the default tier; null where it is billed otherwise.</param>
/// <param name="IsOwn">True if the price is from the operator's own file.</param>
public sealed record PriceListing(string Model, string Kind, DateOnly? From, TokenPrices? Tokens, bool IsOwn);
