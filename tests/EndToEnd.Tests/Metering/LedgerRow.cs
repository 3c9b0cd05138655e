namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>What the ledger says of one key and model.</summary>
/// <param name="Key">The key's id.</param>
/// <param name="Model">The model.</param>
/// <param name="Requests">Calls.</param>
/// <param name="Errors">Of these, failed.</param>
/// <param name="Cut">Of these, cut.</param>
/// <param name="Estimated">Of these, with estimated usage.</param>
/// <param name="Input">Input tokens.</param>
/// <param name="CachedInput">Of these, from the cache. No estimate ever has any.</param>
/// <param name="Output">Output tokens.</param>
/// <param name="ReasoningOutput">Of these, reasoning. No estimate ever has any.</param>
internal sealed record LedgerRow(
    string Key, string Model, long Requests, long Errors, long Cut, long Estimated, long Input, long CachedInput, long Output, long ReasoningOutput);
