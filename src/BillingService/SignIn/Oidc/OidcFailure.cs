namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>Why somebody is not signed in.</summary>
internal enum OidcFailure
{
    /// <summary>They are.</summary>
    None,

    /// <summary>The provider, or they themselves, said no.</summary>
    Denied,

    /// <summary>It was not begun in this browser, is over already, or took too long.</summary>
    Expired,

    /// <summary>The provider can't be reached.</summary>
    Away,

    /// <summary>The provider answered with an error, or with what must not be believed.</summary>
    Refused,
}
