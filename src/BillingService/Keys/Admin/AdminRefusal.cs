namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>Why somebody may not use the admin API.</summary>
/// <param name="Problem">What they are told.</param>
/// <param name="IsWrongToken">True if a token was shown that is none: it may be a guess.</param>
internal sealed record AdminRefusal(Problem Problem, bool IsWrongToken = false);
