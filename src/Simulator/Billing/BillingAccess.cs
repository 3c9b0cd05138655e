namespace OpenAIProxy.Simulator.Billing;

/// <summary>Which keys may read legacy usage and subscription. Credit grants always want a session key.</summary>
internal enum BillingAccess
{
    /// <summary>All keys, as at OpenAI until July 2023 and at servers that are compatible with it.</summary>
    Open,

    /// <summary>Session keys only (<c>sess-…</c>), as at OpenAI today.</summary>
    SessionKey,
}
