namespace OpenAIProxy.BillingService.SignIn;

internal static class SignInExtensions
{
    /// <summary>Registers what remembers who has signed in.</summary>
    public static void AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<Seal>();
        services.AddSingleton<SignInCookie>();
        services.AddSingleton<Visitors>();
    }
}
