using System.Text.Json;
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
    /// Usage of <paramref name="range"/>, with <see cref="Answer.Usage"/> unless it is an error. As upstream gave it, or made from the
    /// organization's costs for an admin key.
    /// </summary>
    public async Task<Answer> UsageAsync(Credential credential, DateRange range, bool fresh, CancellationToken cancellationToken)
    {
        var answer = await cache.GetAsync(
            new Question(credential, "usage", range), fresh, token => AskUsageAsync(credential, range, token), cancellationToken);
        if (answer.IsError || answer.Usage is not null)
        {
            return answer;
        }

        // It comes from Redis, which keeps the body only.
        using var document = UpstreamBody.Parse(answer.Body);
        return WithUsage(answer, document.RootElement);
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
        return await client.GetAsync(credential, UsagePath, query, WithUsage, cancellationToken);
    }

    private static Answer WithUsage(Answer answer, JsonElement root) => answer with { Usage = UsageBody.Read(answer.Body, root) };
}
