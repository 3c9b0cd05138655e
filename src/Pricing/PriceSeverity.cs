namespace OpenAIProxy.Pricing;

/// <summary>How bad a finding about the prices is.</summary>
public enum PriceSeverity
{
    /// <summary>Good to know: a derived price, a model that has ended.</summary>
    Note,

    /// <summary>Usage may be unpriced, or priced at what no longer holds.</summary>
    Warning,

    /// <summary>The prices contradict each other.</summary>
    Error,
}
