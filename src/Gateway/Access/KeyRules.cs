using System.Net;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.Gateway.Access;

/// <summary>The rules of one access key, ready to be asked.</summary>
/// <param name="record">The key.</param>
internal sealed class KeyRules(AccessKeyRecord record)
{
    private readonly NetworkList _networks = NetworkList.TryParse(record.Networks, out var networks, out _) ? networks : NetworkList.Empty;
    private readonly PathList _endpoints = new(record.Endpoints);
    private readonly bool _hasTime = record.Expires is not null;

    /// <summary>The key.</summary>
    public AccessKeyRecord Record => record;

    /// <summary>The models it may use; null for all.</summary>
    public ModelList? Models { get; } = ModelList.Of(record.Models);

    /// <summary>True if the caller's address matters.</summary>
    public bool LimitsNetworks => !_networks.IsEmpty;

    /// <summary>Why the key opens nothing; null if it may be used.</summary>
    /// <param name="notAfter">The end of the secret that was shown; null if it has none.</param>
    /// <param name="time">The clock.</param>
    public Refusal? CheckState(DateTimeOffset? notAfter, TimeProvider time)
    {
        if (!record.Enabled)
        {
            return Refusal.KeyDisabled;
        }

        if (!_hasTime && notAfter is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        return now >= record.Expires || now >= notAfter ? Refusal.KeyExpired : null;
    }

    /// <summary>Why the key opens nothing from an address; null if it does.</summary>
    public Refusal? CheckAddress(IPAddress? address)
        => _networks.IsEmpty || (address is not null && _networks.Contains(address)) ? null : Refusal.KeyNotAllowedFromAddress;

    /// <summary>Why the key may not call a path in its normal form; null if it may.</summary>
    public Refusal? CheckPath(string path) => _endpoints.Allows(path) ? null : Refusal.EndpointNotAllowed;
}
