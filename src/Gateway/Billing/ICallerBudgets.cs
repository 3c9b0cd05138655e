using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>Tells the billing service what its askers may spend.</summary>
internal interface ICallerBudgets
{
    /// <summary>The value of <see cref="Contracts.InternalHeaders.Budgets"/>; null for a caller without budgets, or if nobody knows what is left.</summary>
    public ValueTask<string?> DescribeAsync(Caller caller, CancellationToken cancellationToken);
}
