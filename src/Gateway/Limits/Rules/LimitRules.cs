using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Limits.Rules;

/// <summary>Which limits a caller is under, as of one moment.</summary>
/// <param name="settings">The limits.</param>
/// <param name="addressKey">What addresses are hashed with: they are nobody's to read in Redis.</param>
internal sealed class LimitRules(LimitSettings settings, byte[] addressKey)
{
    private const int BytesOfHash = 12;
    private const int BytesOfNetwork = 8;
    private const string All = "all";

    private readonly LimitTerms _addresses = new(settings.Addresses);
    private readonly LimitRule[] _total = [.. new LimitTerms(settings.Total).For(LimitScope.Total, All)];
    private readonly ConditionalWeakTable<KeyRules, LimitRule[]> _ofKeys = [];
    private readonly ConditionalWeakTable<KeyRules, LimitRule[]>.CreateValueCallback _make = key => Make(key, settings);

    /// <summary>The limits.</summary>
    public LimitSettings Settings => settings;

    /// <summary>The rules of a call; none if nothing limits it.</summary>
    /// <param name="caller">Who calls.</param>
    /// <param name="context">The request, which tells the address. If nobody knows it, that is one address, too.</param>
    /// <param name="access">Which proxies are believed.</param>
    public LimitRule[] Of(in Caller caller, HttpContext context, AccessRules access)
    {
        var rules = caller.Rules is { } key ? _ofKeys.GetValue(key, _make) : _total;
        return _addresses.IsEmpty
            ? rules
            : [.. rules, .. _addresses.For(LimitScope.Address, HashOf(ClientAddress.Find(context, access.Current.Settings.TrustedProxies)))];
    }

    private static LimitRule[] Make(KeyRules key, LimitSettings settings)
    {
        var own = key.Record.Limits;
        var common = settings.Keys;
        var limits = new KeyLimits(
            Either(own.Requests, common.Requests), Either(own.Tokens, common.Tokens), Either(own.InputTokens, common.InputTokens),
            Either(own.OutputTokens, common.OutputTokens), Either(own.Concurrency, common.Concurrency));
        var rules = new List<LimitRule>(new LimitTerms(limits).For(LimitScope.Key, key.Record.Id));
        if (key.Record.Team.Length > 0 && settings.Teams.TryGetValue(key.Record.Team, out var team))
        {
            // A name of any script: its id has ASCII alone.
            rules.AddRange(new LimitTerms(team).For(LimitScope.Team, KeyId.Of(key.Record.Team.ToUpperInvariant()).Value));
        }

        return [.. rules, .. new LimitTerms(settings.Total).For(LimitScope.Total, All)];
    }

    private static string Either(string own, string common) => own.Length > 0 ? own : common;

    // Who has an IPv6 address has at least its /64 (RFC 6177).
    private string HashOf(IPAddress? address)
    {
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        var bytes = plain?.GetAddressBytes() ?? [];
        var network = plain is { AddressFamily: AddressFamily.InterNetworkV6 } ? bytes.AsSpan(0, BytesOfNetwork) : bytes;
        return Convert.ToHexStringLower(HMACSHA256.HashData(addressKey, network).AsSpan(0, BytesOfHash));
    }
}
