using OpenAIProxy.BillingService.Caching;
using OpenAIProxy.BillingService.Queries;

namespace OpenAIProxy.BillingService.Upstream;

/// <summary>What upstream knows about a credential, each piece cached by itself.</summary>
internal sealed class UpstreamBilling(UpstreamClient client, OrganizationCosts costs, AnswerCache cache)
{
    private const string UsagePath = "/v1/dashboard/billing/usage";
    private const string SubscriptionPath = "/v1/dashboard/billing/subscription";
    private const string CreditGrantsPath = "/dashboard/billing/credit_grants";

    /// <summary>
    /// Usage of <paramref name="range"/>: a body that <see cref="Usage.Read"/> can read. As upstream gave it, or made from the
    /// organization's costs for an admin key.
    /// </summary>
    public Task<CachedAnswer> UsageAsync(Credential credential, DateRange range, bool fresh, CancellationToken cancellationToken)
        => cache.GetAsync(new Question(credential, "usage", range), fresh, token => AskUsageAsync(credential, range, token), cancellationToken);

    /// <summary>The subscription, as upstream gave it.</summary>
    public Task<CachedAnswer> SubscriptionAsync(Credential credential, bool fresh, CancellationToken cancellationToken)
        => cache.GetAsync(new Question(credential, "subscription"), fresh,
            token => client.GetAsync(credential, SubscriptionPath, "", token), cancellationToken);

    /// <summary>The credit grants, as upstream gave them. Only a session's credential gets an answer.</summary>
    public Task<CachedAnswer> CreditGrantsAsync(Credential credential, bool fresh, CancellationToken cancellationToken)
        => cache.GetAsync(new Question(credential, "credit_grants"), fresh,
            token => client.GetAsync(credential, CreditGrantsPath, "", token), cancellationToken);

    private async Task<UpstreamAnswer> AskUsageAsync(Credential credential, DateRange range, CancellationToken cancellationToken)
    {
        if (credential.Kind == CredentialKind.Admin)
        {
            return await costs.GetAsUsageAsync(credential, range, cancellationToken);
        }

        var query = $"start_date={DateRange.Text(range.Start)}&end_date={DateRange.Text(range.End)}";
        var answer = await client.GetAsync(credential, UsagePath, query, cancellationToken);
        // What can't be read must not be kept.
        _ = Usage.Read(answer.Body);
        return answer;
    }
}
