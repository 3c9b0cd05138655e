using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>
/// Protects what a browser carries through a sign-in with the house's seal, in place of ASP.NET's keys: those would have to be kept and shared by
/// all replicas.
/// </summary>
internal sealed class SealedProtection(Seal seal, string purposes = "sign-in 1") : IDataProtector
{
    private readonly Seal _seal = seal.For(purposes);

    public IDataProtector CreateProtector(string purpose) => new SealedProtection(seal, $"{purposes}/{purpose}");

    public byte[] Protect(byte[] plaintext) => _seal.Close(plaintext);

    public byte[] Unprotect(byte[] protectedData)
        => _seal.Open(protectedData) ?? throw new CryptographicException("It is not sealed here, or broken.");
}
