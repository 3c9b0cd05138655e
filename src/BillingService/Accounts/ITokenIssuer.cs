namespace OpenAIProxy.BillingService.Accounts;

/// <summary>Who issues tokens that people sign in with.</summary>
internal interface ITokenIssuer
{
    /// <summary>True if a token says that it is from there. Whether it is, is not looked at.</summary>
    public bool IsNamedIn(string token);
}
