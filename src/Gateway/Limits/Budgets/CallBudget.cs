using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;
using OpenAIProxy.Pricing;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>The budgets that one call counts in.</summary>
/// <param name="budgets">Of all calls.</param>
/// <param name="counters">Those of the caller.</param>
/// <param name="settings">The settings when the call began.</param>
internal sealed class CallBudget(CallBudgets budgets, BudgetCounter[] counters, BudgetSettings settings)
{
    /// <summary>Micro-dollars (5 cents) that a call is reserved with whose cost can't be estimated before its answer.</summary>
    public const long Unsaid = 50_000;

    // How long a call waits for the first sums of a gateway that has just started.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The rules of the present periods. Set by <see cref="PrepareAsync"/>.</summary>
    public LimitRule[] Rules { get; private set; } = [];

    /// <summary>Micro-dollars to reserve. Set by <see cref="PrepareAsync"/>.</summary>
    public long Amount { get; private set; }

    /// <summary>Estimates what the call will cost. Why it can't be made; null if it can.</summary>
    /// <param name="endpoint">What is called.</param>
    /// <param name="facts">What the request says.</param>
    /// <param name="tokens">What it may use.</param>
    /// <param name="region">The region of the upstream.</param>
    /// <param name="cancellationToken">The caller leaves.</param>
    public async ValueTask<Refusal?> PrepareAsync(
        EndpointRow endpoint, RequestFacts facts, TokenEstimate tokens, string region, CancellationToken cancellationToken)
    {
        if (endpoint.Kind == MeterKind.Free)
        {
            return null;
        }

        var now = budgets.Time.GetUtcNow();
        if (!settings.AllowsUnpriced && !IsPriced(endpoint, facts, now))
        {
            return BudgetRefusals.Unpriced;
        }

        foreach (var counter in counters)
        {
            if (!await SetFloorAsync(counter, now, cancellationToken))
            {
                return BudgetRefusals.Unknown;
            }
        }

        Rules = Array.ConvertAll(counters, counter => counter.RuleAt(now));
        Amount = AmountOf(endpoint, facts, tokens, region, now);
        return null;
    }

    /// <summary>Micro-dollars of what a call has used.</summary>
    public long CostOf(UsageRecord record) => CallCost.Of(record, budgets.Book);

    /// <summary>Looks whether a part of a budget is spent of which somebody is to be told.</summary>
    /// <param name="decision">The decision on a call or a response.</param>
    /// <param name="amount">Micro-dollars that it was to reserve.</param>
    public void Look(Decision decision, long amount)
    {
        // The rules of budgets are the last ones of the decision.
        var first = decision.Charges.Length - Rules.Length;
        for (var i = 0; i < Rules.Length; i++)
        {
            // Without room for a call it is spent, whatever is left. What an admitted call has reserved it will hardly need.
            var isSpent = decision.RefusedBy == first + i && decision.WaitMilliseconds != Decision.ConcurrencyWait;
            var used = decision.Levels[first + i].Used - (decision.IsTaken ? amount : 0);
            if (counters[i].AlertOf(used, isSpent, budgets.Time.GetUtcNow()) is { } alert)
            {
                budgets.Alerts.Tell(alert);
            }
        }
    }

    /// <summary>The rules of the periods now, for what was not admitted beforehand.</summary>
    public LimitRule[] RulesNow()
    {
        var now = budgets.Time.GetUtcNow();
        return Array.ConvertAll(counters, counter => counter.RuleAt(now));
    }

    /// <summary>Micro-dollars of tokens, for one response of a session.</summary>
    public long AmountOfTokens(EndpointRow endpoint, RequestFacts facts, TokenEstimate tokens, string region)
    {
        var counts = new UsageCounts { Input = tokens.Input, Output = tokens.Output + tokens.Unsaid };
        var line = new UsageLine("", ServiceTier.Default, UsageUnit.Tokens, Estimated: true, counts);
        return AmountOf(CallCost.Of(endpoint, facts, line, region, budgets.Time.GetUtcNow(), budgets.Book));
    }

    /// <summary>Refuses the call by one of <see cref="Rules"/>, and sets the headers by which SDKs know whether to try again.</summary>
    public Refusal Refuse(HttpResponse response, LimitRule rule, Decision decision)
    {
        BudgetRefusals.SetHeaders(response, decision);
        return Refuse(rule, decision);
    }

    /// <summary>Why one of <see cref="Rules"/> refuses.</summary>
    public Refusal Refuse(LimitRule rule, Decision decision)
    {
        var counter = counters[Array.IndexOf(Rules, rule)];
        return BudgetRefusals.Of(counter, counter.WindowAt(budgets.Time.GetUtcNow()), decision);
    }

    private async ValueTask<bool> SetFloorAsync(BudgetCounter counter, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var window = counter.WindowAt(now);
        var spent = budgets.Ledger.Spent(counter.Scope, counter.Budget.Period, window);
        if (spent is null)
        {
            try
            {
                await budgets.Ledger.WhenToldAsync(counter.Budget.Period, Patience, cancellationToken);
            }
            catch (TimeoutException)
            {
                return false;
            }

            spent = budgets.Ledger.Spent(counter.Scope, counter.Budget.Period, window);
        }

        counter.RuleAt(now).Counter.Floor = spent ?? 0;
        return spent is not null;
    }

    // A model that isn't known yet, since the request is too large to be read before it goes on, is priced when it is.
    private bool IsPriced(EndpointRow endpoint, RequestFacts facts, DateTimeOffset now)
        => endpoint.Kind != MeterKind.Unmetered
            && (string.IsNullOrEmpty(facts.Model) || budgets.Book.Find(facts.Model, DateOnly.FromDateTime(now.UtcDateTime)) is not null);

    private long AmountOf(EndpointRow endpoint, RequestFacts facts, TokenEstimate tokens, string region, DateTimeOffset now)
    {
        if (endpoint.IsSocket)
        {
            // Counted response by response. It doesn't begin if nothing is left.
            return 1;
        }

        var asked = UsageLines.OfRequest(endpoint, facts);
        var line = asked with { Counts = asked.Counts with { Output = tokens.Output + tokens.Unsaid } };
        return AmountOf(CallCost.Of(endpoint, facts, line, region, now, budgets.Book));
    }

    private static long AmountOf(Cost cost) => cost.IsUnpriced || cost.Dollars == 0m ? Unsaid : CallCost.ToMicroDollars(cost.Dollars);
}
