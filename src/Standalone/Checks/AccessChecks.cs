using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Listening;

namespace OpenAIProxy.Standalone.Checks;

/// <summary>What is open to whom.</summary>
internal static class AccessChecks
{
    private const string Topic = "access";

    public static IEnumerable<Finding> Find(GatewaySettings settings, ListenAddresses addresses, BillingSettings billing)
    {
        yield return Listener(addresses);
        yield return OperatorsKey(settings, addresses);
        var access = settings.Access;
        if (access.Keys.Count > 0 && access.Anonymous == AnonymousUse.Allowed)
        {
            yield return Finding.Warning(Topic,
                "Callers without any key use the operator's key, too (Access:AllowAnonymous), in spite of the access keys.");
        }

        yield return Finding.Ok(Topic, access.AllowCallerKeys
            ? "Callers may bring their own key of the upstream, which then is used."
            : "Callers' own keys are refused (Access:AllowCallerKeys).");
        yield return Networks(access);
        if (access.AllowedOrigins.Count > 0)
        {
            yield return Finding.Ok(Topic, access.AllowedOrigins.Contains("*")
                ? "Browser pages of every site may call (Access:AllowedOrigins)."
                : $"Browser pages of {string.Join(", ", access.AllowedOrigins)} may call.");
        }

        yield return Finding.Ok("pages", billing.Accounts.AdminToken is null
            ? "The usage page shows each key its own usage; nobody sees that of all keys by a token (Billing:AdminToken is not set)."
            : "The usage page shows each key its own usage, and that of all keys to who has Billing:AdminToken.");
        if (billing.Oidc is { } provider)
        {
            yield return Finding.Ok("pages", $"Owners of keys sign in by {provider}; "
                + (provider.AdminClaim is { } claim ? $"who has {claim.Name}={claim.Value} sees and changes all." : "nobody is an admin there (Oidc:AdminClaim is not set)."));
        }
    }

    private static Finding Listener(ListenAddresses addresses)
    {
        if (addresses.AreLoopback)
        {
            return Finding.Ok("listener", $"It listens on {addresses}: only this machine can reach it.");
        }

        return Finding.Ok("listener", $"It listens on {addresses}: other machines can reach it{(addresses.HaveHttps ? "" : ", without TLS")}.");
    }

    private static Finding OperatorsKey(GatewaySettings settings, ListenAddresses addresses)
    {
        var access = settings.Access;
        if (settings.OpenAI.ApiKeys.Count == 0)
        {
            return Finding.Ok(Topic, "There is no operator's key (OpenAI:ApiKey): callers use their own.");
        }

        if (access.Keys.Count > 0)
        {
            return Finding.Ok(Topic, $"Access keys: {access.Keys.Count}. Who shows one uses the operator's key.");
        }

        if (access is { Anonymous: AnonymousUse.Refused, HasManagedKeys: true })
        {
            return Finding.Ok(Topic, "No access key is configured: who shows one made at run time (openai-proxy keys) uses the operator's key, and nobody else.");
        }

        if (access.Anonymous == AnonymousUse.Refused)
        {
            return Finding.Warning(Topic, "There is an operator's key and nobody may use it: no access key, and Access:AllowAnonymous is false.");
        }

        const string cure = "Give an access key (--access-key, Access:Keys).";
        if (!addresses.AreLoopback)
        {
            return Finding.Warning(Topic, $"There is no access key: everybody who can reach it spends the operator's key. {cure}");
        }

        return access.TrustedProxies.IsEmpty
            ? Finding.Ok(Topic, "There is no access key: every program of this machine can use the operator's key.")
            : Finding.Warning(Topic, $"There is no access key, and a reverse proxy (Access:TrustedProxies) brings others: they may spend the operator's key. {cure}");
    }

    private static Finding Networks(AccessSettings access)
    {
        string[] rules =
        [
            .. access.AllowedNetworks.IsEmpty ? (string[])[] : ["only those of Access:AllowedNetworks may call"],
            .. access.DeniedNetworks.IsEmpty ? (string[])[] : ["those of Access:DeniedNetworks may not"],
        ];
        return Finding.Ok(Topic, rules.Length == 0 ? "Callers of every address are let in." : $"Of all addresses {string.Join(", and ", rules)}.");
    }
}
