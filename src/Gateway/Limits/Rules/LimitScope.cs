namespace OpenAIProxy.Gateway.Limits.Rules;

/// <summary>Who shares a limit.</summary>
internal enum LimitScope
{
    /// <summary>One access key has it for itself.</summary>
    Key,

    /// <summary>All keys of a team.</summary>
    Team,

    /// <summary>All callers from an address.</summary>
    Address,

    /// <summary>All callers.</summary>
    Total,
}
