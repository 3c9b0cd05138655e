namespace OpenAIProxy.BillingService.Keys;

/// <summary>A field to set.</summary>
/// <param name="Field">The field.</param>
/// <param name="Texts">What to set it to; none for its default.</param>
internal readonly record struct KeyValue(KeyField Field, IReadOnlyList<string> Texts);
