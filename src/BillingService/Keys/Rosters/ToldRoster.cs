namespace OpenAIProxy.BillingService.Keys.Rosters;

/// <summary>A roster that is kept.</summary>
/// <param name="Mark">What stands for it.</param>
/// <param name="Since">When a gateway's settings became these, unix seconds; no two have the same.</param>
/// <param name="Told">When a gateway last told that they still are, unix seconds.</param>
internal sealed record ToldRoster(string Mark, long Since, long Told);
