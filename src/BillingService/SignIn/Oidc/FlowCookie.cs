namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>
/// A cookie that ties a sign-in to the browser that began it. It comes back with the redirect from the provider, which is another site, so it is
/// <c>Lax</c>; and to the callback alone.
/// </summary>
internal sealed class FlowCookie(string name, TimeSpan lifetime) : CookieBuilder
{
    public override string? Name { get; set; } = name;

    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        Path = context.Request.PathBase.Add(OidcFlow.CallbackPath),
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        // Not by the time of here, which is not the browser's.
        MaxAge = lifetime,
    };
}
