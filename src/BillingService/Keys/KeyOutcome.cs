namespace OpenAIProxy.BillingService.Keys;

/// <summary>Whether a change was made.</summary>
internal enum KeyOutcome
{
    /// <summary>It was, or there was nothing to change.</summary>
    Done,

    /// <summary>There is no such key.</summary>
    NotFound,

    /// <summary>The key is revoked: it opens nothing any more, and stays so.</summary>
    IsRevoked,

    /// <summary>Fields have values that can't be used.</summary>
    IsWrong,
}
