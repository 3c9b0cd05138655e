using System.Net;
using System.Security.Cryptography;
using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Access;

/// <summary>Who is calling, and may they? The entry point of this folder.</summary>
internal sealed class AccessGate
{
    /// <summary>Whoever sends one of these is a reverse proxy on this machine, with callers from elsewhere.</summary>
    private static readonly string[] ForwardedHeaders =
        ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "CF-Connecting-IP"];

    private const string NamedPrefix = ":" + AccessKeys.Prefix;

    private readonly AccessSettings _settings;
    private readonly OriginPolicy _origins;
    private readonly KeyTable _accessKeys;
    private readonly string[] _operatorKeys;
    private readonly bool _checksAddresses;
    private uint _turn;

    /// <param name="settings">Who may call.</param>
    /// <param name="openAI">The operator's keys.</param>
    /// <param name="origins">Which pages may call.</param>
    /// <param name="keys">
    /// The access keys in force, and behind them those that were taken away: one that doesn't begin as ours do would otherwise be a caller's
    /// own key, and go upstream.
    /// </param>
    public AccessGate(AccessSettings settings, OpenAISettings openAI, OriginPolicy origins, KeyTable keys)
    {
        _settings = settings;
        _origins = origins;
        _accessKeys = keys;
        _operatorKeys = [.. openAI.ApiKeys];
        _checksAddresses = !settings.AllowedNetworks.IsEmpty || !settings.DeniedNetworks.IsEmpty;
    }

    /// <summary>Null if the client's address may call.</summary>
    public Refusal? CheckAddress(HttpContext context)
    {
        if (!_checksAddresses)
        {
            return null;
        }

        var address = ClientAddress.Find(context, _settings.TrustedProxies);
        var allowed = address is not null
            && !_settings.DeniedNetworks.Contains(address)
            && (_settings.AllowedNetworks.IsEmpty || _settings.AllowedNetworks.Contains(address));
        return allowed ? null : Refusal.AddressNotAllowed;
    }

    /// <summary>
    /// Resolves the key to a caller, or says why not. With <see cref="Refusal.CallerKeysNotAllowed"/> there is a caller all the same, whose key
    /// may go nowhere but to the billing service: it may be the admin token.
    /// </summary>
    public Refusal? Identify(HttpContext context, TimeProvider time, out Caller caller)
    {
        caller = default;
        if (!RequestCredential.TryFind(context.Request, out var key, out var place, out var travels))
        {
            return Anonymous(context, out caller);
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeyId.Hash(key, hash);
        if (_accessKeys.Find(hash) is { } entry)
        {
            return Check(context, entry, time) is { } refusal ? refusal : Accept(entry.Rules!, place, out caller);
        }

        if (key.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal))
        {
            return Refusal.UnknownKey;
        }

        // ann:fk-...: pasted as it stands in the settings. No upstream has anything to do with it.
        if (key.Contains(NamedPrefix, StringComparison.Ordinal))
        {
            return Refusal.KeyWithName;
        }

        caller = new Caller(travels ? null : key.ToString(), UsesOperatorKey: false, IsGuest: false, KeyId.OfSha256(hash).Value, place, KeyEnding.Of(key));
        return _settings.AllowCallerKeys ? null : Refusal.CallerKeysNotAllowed;
    }

    private Refusal? Check(HttpContext context, KeyEntry entry, TimeProvider time)
    {
        if (entry.Rules is not { } rules)
        {
            return Refusal.UnknownKey;
        }

        return rules.CheckState(entry.NotAfter, time)
            ?? (rules.LimitsNetworks ? rules.CheckAddress(ClientAddress.Find(context, _settings.TrustedProxies)) : null);
    }

    private Refusal? Accept(KeyRules rules, KeyPlace place, out Caller caller)
    {
        caller = new Caller(NextOperatorKey(), UsesOperatorKey: true, IsGuest: true, rules.Record.Id, place, Rules: rules);
        return null;
    }

    private Refusal? Anonymous(HttpContext context, out Caller caller)
    {
        caller = default;
        if (_operatorKeys.Length == 0 || _settings.Anonymous == AnonymousUse.Refused)
        {
            return Refusal.MissingKey;
        }

        var local = _settings.Anonymous == AnonymousUse.FromThisMachine;
        if (local && (!NamesThisMachine(context.Request.Host.Host) || ForwardedHeaders.Any(context.Request.Headers.ContainsKey)))
        {
            return Refusal.HostNotAllowed;
        }

        // Any web page can send a request to http://localhost:8000 without a preflight and spend the operator's money, unseen. That any
        // page may call doesn't mean that any page may pay with this key, unless both were asked for by name.
        if (context.Request.Headers.Origin is [{ } origin, ..] && !(local ? _origins.Lists(origin) : _origins.Allows(origin)))
        {
            return Refusal.OriginNotAllowed;
        }

        caller = new Caller(NextOperatorKey(), UsesOperatorKey: true, IsGuest: !local, UsageDimensions.Anonymous);
        return null;
    }

    // An address can't be rebound, and neither can a name that resolves to loopback by definition (RFC 6761). HTTP/1.0 sends no name.
    private static bool NamesThisMachine(string host)
        => host.Length == 0
            || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host, out _);

    private string NextOperatorKey()
        => _operatorKeys.Length == 1 ? _operatorKeys[0] : _operatorKeys[Interlocked.Increment(ref _turn) % (uint)_operatorKeys.Length];
}
