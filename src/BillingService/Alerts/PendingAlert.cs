using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Alerts;

/// <summary>An alert that is still to be told.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Webhooks">The ids of the webhooks to which it is to be told.</param>
/// <param name="Attempts">How often that was tried.</param>
/// <param name="Due">When it is to be tried again, unix seconds.</param>
internal sealed record PendingAlert(BudgetAlert Alert, IReadOnlyList<string> Webhooks, int Attempts, long Due);
