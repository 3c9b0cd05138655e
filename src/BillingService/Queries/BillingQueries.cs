using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>Credit grants, usage and subscription: for each caller, which source answers.</summary>
internal sealed class BillingQueries(UpstreamAnswers upstream, LedgerAnswers ledger, QuerySettings settings)
{
    public Task<Answer> CreditGrantsAsync(Caller caller, IQueryCollection query, bool fresh, CancellationToken cancellationToken)
        => AnswerAsync(
            caller,
            credential => upstream.CreditGrantsAsync(credential, query, fresh, cancellationToken),
            () => ledger.CreditGrantsAsync(caller, query, cancellationToken));

    public Task<Answer> UsageAsync(Caller caller, IQueryCollection query, bool fresh, CancellationToken cancellationToken)
        => AnswerAsync(
            caller,
            credential => upstream.UsageAsync(credential, query, fresh, cancellationToken),
            () => Task.FromResult(ledger.Usage(caller.Key, query, cancellationToken)));

    public Task<Answer> SubscriptionAsync(Caller caller, bool fresh, CancellationToken cancellationToken)
        => AnswerAsync(
            caller,
            credential => upstream.SubscriptionAsync(credential, fresh, cancellationToken),
            () => Task.FromResult(ledger.Subscription(caller)));

    private async Task<Answer> AnswerAsync(Caller caller, Func<Credential, Task<Answer>> fromUpstream, Func<Task<Answer>> fromLedger)
    {
        if (caller.Credential is not { } credential || settings.Source == BillingSource.Ledger)
        {
            return await fromLedger();
        }

        var answer = await fromUpstream(credential);
        // Nothing else that goes wrong there makes upstream's figures ours: a wrong key stays a wrong key.
        return answer.NeedsSessionKey && settings.Source == BillingSource.Auto && credential.Kind == CredentialKind.Key ? await fromLedger() : answer;
    }
}
