namespace OpenAIProxy.BillingService.Reports;

/// <summary>Whose a key is, as far as a report is by that; empty for nobody, null for what the report is not by.</summary>
internal readonly record struct KeyHolder(string? Team, string? Owner);
