namespace OpenAIProxy.BillingService.Accounts;

/// <summary>Knows the owners of access keys.</summary>
internal interface IKeyOwners
{
    /// <summary>The ids of the keys whose owner has this e-mail; <see cref="OwnerName.Matches"/> says when that is so.</summary>
    public Task<IReadOnlyList<string>> FindKeysAsync(string email, CancellationToken cancellationToken);
}
