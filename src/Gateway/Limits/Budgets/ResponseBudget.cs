using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Sockets;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>The budgets that each response of a session counts in.</summary>
/// <param name="budget">Those of the session.</param>
/// <param name="endpoint">The session's endpoint.</param>
/// <param name="facts">What the opening says.</param>
/// <param name="region">The region of the upstream.</param>
internal sealed class ResponseBudget(CallBudget budget, EndpointRow endpoint, RequestFacts facts, string region)
{
    /// <summary>The rules of the present periods.</summary>
    public LimitRule[] Rules => budget.Rules;

    /// <summary>Micro-dollars to reserve.</summary>
    public long Amount { get; private set; }

    /// <summary>Estimates what a response will cost. Why it can't be made; null if it can.</summary>
    public async ValueTask<Refusal?> PrepareAsync(TokenEstimate tokens, CancellationToken cancellationToken)
    {
        if (await budget.PrepareAsync(endpoint, facts, tokens, region, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        Amount = budget.AmountOfTokens(endpoint, facts, tokens, region);
        return null;
    }

    /// <inheritdoc cref="CallBudget.Look"/>
    public void Look(Decision decision) => budget.Look(decision, Amount);

    /// <summary>Refuses a response.</summary>
    public SocketRefusal Refuse(LimitRule rule, Decision decision)
    {
        TimeSpan? wait = decision.WaitMilliseconds == Decision.ConcurrencyWait ? TimeSpan.FromMilliseconds(decision.WaitMilliseconds) : null;
        return new SocketRefusal(budget.Refuse(rule, decision), wait);
    }
}
