namespace OpenAIProxy.Contracts;

/// <summary>Headers that only gateway and billing service say to each other. The gateway takes them out of what callers send.</summary>
public static class InternalHeaders
{
    /// <summary>The secret that both share (<c>Internal:Token</c>): what comes with it comes from a gateway.</summary>
    public const string Token = "x-openaiproxy-internal-token";

    /// <summary>
    /// In an answer with status 401 or 403: the billing service does not know the gateway by the <see cref="Token"/> that it showed, or didn't.
    /// </summary>
    public const string Refuses = "x-openaiproxy-refuses";

    /// <summary>The code of the error where the token shown is not the billing service's own.</summary>
    public const string WrongToken = "invalid_internal_token";

    /// <summary>
    /// Whom the gateway knows the caller to be: a <see cref="KeyId"/> or <see cref="UsageDimensions.Anonymous"/>. Only believed with
    /// <see cref="Token"/>. Absent for callers with a key of their own, whose Authorization header says who they are.
    /// </summary>
    public const string KeyId = "x-openaiproxy-key-id";

    /// <summary><c>true</c> if callers' own keys are not taken at this gateway: then of the keys it does not know only the admin token is good.</summary>
    public const string AdminOnly = "x-openaiproxy-admin-only";

    /// <summary>
    /// What the gateway took off the front of a page's path (<c>Forwarding:RoutePrefix</c>), such as <c>/openai</c>: links and cookies
    /// of the page must have it. Absent if nothing was taken off.
    /// </summary>
    public const string Prefix = "x-openaiproxy-prefix";

    /// <summary>
    /// A mark by which the billing service tells clients apart: a hash of the client's network, keyed with the token that both know. The address itself
    /// is in no header and no log. Only believed with <see cref="Token"/>. Absent if the gateway can't tell.
    /// </summary>
    public const string Client = "x-openaiproxy-client";

    /// <summary>How the page's browser called the gateway: <c>http</c> or <c>https</c>.</summary>
    public const string Scheme = "x-openaiproxy-scheme";

    /// <summary>
    /// The host that the caller asked, as in the Host header of the request to the gateway. The usage page compares it with the Origin of its forms.
    /// </summary>
    public const string Host = "x-openaiproxy-host";

    /// <summary>
    /// What the caller's key may spend and has spent: <see cref="Keys.BudgetStatus"/> as JSON. Only believed with <see cref="Token"/>. Absent for callers
    /// without a budget.
    /// </summary>
    public const string Budgets = "x-openaiproxy-budgets";

    /// <summary>
    /// The limits that the caller is under, and what is left of them: the array <c>limits</c> of <c>GET /limits</c>. Only believed with
    /// <see cref="Token"/>. Absent for callers without a limit.
    /// </summary>
    public const string Limits = "x-openaiproxy-limits";
}
