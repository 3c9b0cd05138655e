namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>In which header the operator's key goes upstream.</summary>
public enum UpstreamKeyHeader
{
    /// <summary>As the upstream's host is known to want it: <c>api-key</c> at Azure, <c>Authorization</c> anywhere else.</summary>
    Auto,

    /// <summary><c>Authorization: Bearer KEY</c>.</summary>
    Authorization,

    /// <summary><c>api-key: KEY</c>.</summary>
    ApiKey,
}
