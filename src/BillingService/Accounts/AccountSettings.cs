namespace OpenAIProxy.BillingService.Accounts;

/// <summary>The secrets by which it is known who asks.</summary>
/// <param name="AdminToken">Who shows it sees the usage of all keys; null: nobody does.</param>
/// <param name="InternalToken">The secret shared with the gateways; null: no usage is taken.</param>
public sealed record AccountSettings(string? AdminToken, string? InternalToken)
{
    /// <summary>Without the secrets: this text may end up in a log.</summary>
    public override string ToString() => nameof(AccountSettings);
}
