using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Ledger;

namespace OpenAIProxy.BillingService.SignIn;

/// <summary>Tells who looks at a page, and what they may see: what the cookie says is asked anew with each request where it can change.</summary>
internal sealed class Visitors(SignInCookie cookie, IKeyOwners owners)
{
    /// <summary>Who has signed in; null if nobody has.</summary>
    /// <exception cref="LedgerAwayException">The owners of keys can't be read.</exception>
    public async Task<Caller?> FindAsync(HttpContext context)
    {
        if (cookie.ReadUser(context.Request) is not { } user)
        {
            return cookie.Read(context.Request);
        }

        return user.IsAdmin
            ? Caller.AdminCalled(user.Name)
            : Caller.OwnerOf(user.Name, user.Email is { } email ? await owners.FindKeysAsync(email, context.RequestAborted) : []);
    }
}
