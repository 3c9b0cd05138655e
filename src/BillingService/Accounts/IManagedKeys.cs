namespace OpenAIProxy.BillingService.Accounts;

/// <summary>The access keys made at run time, as far as it matters who asks.</summary>
internal interface IManagedKeys
{
    /// <summary>Whose secret this is.</summary>
    public Task<ManagedSecret> FindAsync(string secret, CancellationToken cancellationToken);
}
