using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace OpenAIProxy.BillingService.SignIn.Oidc;

/// <summary>What the provider tells of itself: its issuer, addresses and keys.</summary>
internal sealed class ProviderMetadata(IOptionsMonitor<OpenIdConnectOptions> options)
{
    private readonly Lock _lock = new();
    private Task<OpenIdConnectConfiguration>? _asking;

    /// <summary>Waits until it is known. Who asks while another does waits for the same answer, not behind it: anybody may begin a sign-in.</summary>
    /// <exception cref="Exception">The provider doesn't tell.</exception>
    public async Task<BaseConfigurationManager> KnowAsync(CancellationToken cancellationToken)
    {
        var manager = options.Get(OidcFlow.Scheme).ConfigurationManager!;
        Task<OpenIdConnectConfiguration> asking;
        lock (_lock)
        {
            // Once it is known, this costs nothing: the manager asks again by itself.
            _asking = _asking is { IsCompleted: false } running ? running : manager.GetConfigurationAsync(CancellationToken.None);
            asking = _asking;
        }

        await asking.WaitAsync(cancellationToken);
        return (BaseConfigurationManager)manager;
    }
}
