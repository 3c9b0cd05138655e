using Microsoft.IdentityModel.Tokens;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>What a token of the provider must be.</summary>
internal static class TokenRules
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    // Signed with a key that the provider alone has: with HS256 it would be the client's secret, with none nothing.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>The rules for tokens of one audience. The issuer and the keys are those that the provider tells.</summary>
    public static TokenValidationParameters For(string audience, TimeProvider time) => new()
    {
        ValidAudience = audience,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        RequireAudience = true,
        LifetimeValidator = (from, until, _, _) => IsInForce(from, until, time.GetUtcNow().UtcDateTime),
    };

    private static bool IsInForce(DateTime? from, DateTime? until, DateTime now)
        => until is { } end && now < end + Skew && (from is not { } start || now >= start - Skew);
}
