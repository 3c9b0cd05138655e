using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>Tells the billing service what its askers may still do and spend.</summary>
internal interface ICallerAllowance
{
    /// <summary>What a caller may still do.</summary>
    public ValueTask<Allowance> ReadAsync(HttpContext context, Caller caller);
}
