namespace OpenAIProxy.Gateway.Limits.Rules;

/// <summary>What a limit is about.</summary>
internal enum LimitMeasure
{
    /// <summary>Calls.</summary>
    Requests,

    /// <summary>Tokens, input and output together.</summary>
    Tokens,

    /// <summary>Tokens of what is asked.</summary>
    InputTokens,

    /// <summary>Tokens of what is answered.</summary>
    OutputTokens,

    /// <summary>Calls in progress at the same time.</summary>
    Concurrency,

    /// <summary>Micro-dollars: a budget.</summary>
    Spending,
}
