using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.Gateway.Limits.Stores;

namespace OpenAIProxy.Gateway.Limits;

/// <summary>Reads what callers may still do, for billing queries.</summary>
internal sealed class CallerAllowance(LimitTable table, AccessRules access, ILimitStore store, CallBudgets budgets) : ICallerAllowance
{
    public async ValueTask<Allowance> ReadAsync(HttpContext context, Caller caller)
    {
        var spending = await budgets.ReadAsync(caller, context.RequestAborted);
        var rules = table.Current.Of(caller, context, access);
        var levels = rules.Length == 0 ? null : await store.ReadAsync(Array.ConvertAll(rules, rule => rule.Counter), context.RequestAborted);
        return new Allowance(
            spending is { Count: > 0 } ? BudgetStatus.Write(spending) : null, rules.Length == 0 ? null : LimitsJson.Format(rules, levels));
    }
}
