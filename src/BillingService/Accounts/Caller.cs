using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>Who asks, and for whose usage: of one key, of all as the admin, or of those whose owner they are.</summary>
internal sealed record Caller
{
    /// <summary>Who has a key.</summary>
    /// <param name="key">The key's id.</param>
    /// <param name="credential">What upstream may be asked with; null where only the ledger may answer.</param>
    public Caller(string key, Credential? credential = null)
    {
        Key = key;
        Credential = credential;
    }

    // So that nobody becomes the admin, or an owner, by leaving something out.
    private Caller()
    {
    }

    /// <summary>Who has shown the admin token.</summary>
    public static Caller Admin { get; } = new() { IsAdmin = true };

    /// <summary>The id of the key whose usage it is; null for the admin and for owners.</summary>
    public string? Key { get; }

    /// <summary>What upstream may be asked with; null where only the ledger may answer.</summary>
    public Credential? Credential { get; }

    /// <summary>True for who sees the usage of all keys.</summary>
    public bool IsAdmin { get; private init; }

    /// <summary>Who signed in by the identity provider: an e-mail, or the subject where there is none. Null for everybody else.</summary>
    public string? Name { get; private init; }

    /// <summary>The ids of the keys of an owner, who sees the usage of these; null for everybody else.</summary>
    public IReadOnlyList<string>? Owned { get; private init; }

    /// <summary>What the key may spend, as its gateway tells; empty where it has no budget.</summary>
    public IReadOnlyList<BudgetStatus> Budgets { get; init; } = [];

    /// <summary>The limits that the key is under, and what is left of them, as its gateway tells: a JSON array. Null where it has none.</summary>
    public string? Limits { get; init; }

    /// <summary>Who is the admin by what the identity provider says.</summary>
    public static Caller AdminCalled(string name) => new() { IsAdmin = true, Name = name };

    /// <summary>Who sees the usage of their own keys.</summary>
    /// <param name="name">Who it is.</param>
    /// <param name="keys">The ids of the keys; may be none.</param>
    public static Caller OwnerOf(string name, IReadOnlyList<string> keys) => new() { Name = name, Owned = keys };

    /// <summary>Who sent the request, once that has been found out.</summary>
    public static Caller Of(HttpContext context) => context.Features.GetRequiredFeature<Caller>();
}
