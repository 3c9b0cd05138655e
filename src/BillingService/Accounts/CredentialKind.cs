namespace OpenAIProxy.BillingService.Accounts;

/// <summary>What a credential can ask upstream for.</summary>
internal enum CredentialKind
{
    /// <summary>A key for models (<c>sk-…</c>, <c>sk-proj-…</c>, whatever a compatible server calls one): usage and subscription.</summary>
    Key,

    /// <summary>A browser session (<c>sess-…</c>): as a key, and the credit grants.</summary>
    Session,

    /// <summary>An organization's admin key (<c>sk-admin-…</c>): the organization's costs, and nothing else.</summary>
    Admin,
}
