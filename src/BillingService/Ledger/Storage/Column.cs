namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>One column of many rows that are written or looked up together.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Values">A <c>long[]</c>, <c>string[]</c> or <c>byte[][]</c>, as long as the other columns.</param>
internal readonly record struct Column(string Name, Array Values);
