namespace OpenAIProxy.BillingService.Accounts;

/// <summary>The access keys of gateways' settings, as far as it matters who asks.</summary>
internal interface IConfiguredKeys
{
    /// <summary>True if the key with this id is in a gateway's settings.</summary>
    public Task<bool> HasAsync(string id, CancellationToken cancellationToken);
}
