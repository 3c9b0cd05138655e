using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Caching;

namespace OpenAIProxy.BillingService.Upstream;

/// <summary>What upstream knows about a credential, each piece cached by itself.</summary>
internal sealed class UpstreamBilling(UpstreamClient client, OrganizationCosts costs, AnswerCache cache)
{
    private const string UsagePath = "/v1/dashboard/billing/usage";
    private const string SubscriptionPath = "/v1/dashboard/billing/subscription";
    private const string CreditGrantsPath = "/dashboard/billing/credit_grants";

    /// <summary>
    /// Usage of <paramref name="range"/>, which <see cref="UsageOf"/> reads. As upstream gave it, or made from the organization's costs for an
    /// admin key.
    /// </summary>
    public Task<Answer> UsageAsync(Credential credential, DateRange range, bool fresh, CancellationToken cancellationToken)
        => cache.GetAsync(new Question(credential, "usage", range), fresh, token => AskUsageAsync(credential, range, token), cancellationToken);

    /// <summary>What an answer of <see cref="UsageAsync"/> holds that is no error.</summary>
    /// <exception cref="BillingException">502: it is something else.</exception>
    public static UsageBody UsageOf(Answer answer)
    {
        if (answer.Usage is { } read)
        {
            return read;
        }

        // It comes from Redis, which keeps the body only.
        using var document = UpstreamBody.Parse(answer.Body);
        return UsageBody.Read(answer.Body, document.RootElement);
    }

    /// <summary>The subscription, as upstream gave it.</summary>
    public Task<Answer> SubscriptionAsync(Credential credential, bool fresh, CancellationToken cancellationToken)
        => cache.GetAsync(new Question(credential, "subscription"), fresh,
            token => client.GetAsync(credential, SubscriptionPath, "", null, token), cancellationToken);

    /// <summary>The credit grants, as upstream gave them. Only a session's credential gets an answer.</summary>
    public Task<Answer> CreditGrantsAsync(Credential credential, bool fresh, CancellationToken cancellationToken)
        => cache.GetAsync(new Question(credential, "credit_grants"), fresh,
            token => client.GetAsync(credential, CreditGrantsPath, "", null, token), cancellationToken);

    private async Task<Answer> AskUsageAsync(Credential credential, DateRange range, CancellationToken cancellationToken)
    {
        if (credential.Kind == CredentialKind.Admin)
        {
            return await costs.GetAsUsageAsync(credential, range, cancellationToken);
        }

        var query = $"start_date={DateRange.Text(range.Start)}&end_date={DateRange.Text(range.End)}";
        // Read at once: what can't be read must not be kept.
        return await client.GetAsync(
            credential, UsagePath, query, (answer, root) => answer with { Usage = UsageBody.Read(answer.Body, root) }, cancellationToken);
    }
}
