using OpenAIProxy.BillingService.Configuration;

namespace OpenAIProxy.BillingService;

/// <summary>Says once, at the start, where usage is kept, who answers queries, and what is missing.</summary>
internal sealed partial class StartLog(BillingSettings settings, ILogger<StartLog> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogStart(
            logger, settings.Ledger.ToString(), settings.Queries.Source.ToString(), settings.OpenAI.BaseUrl,
            settings.Prices.File is { } file ? $"those of the release, and over them {file}" : "those of the release");
        if (settings.Accounts.InternalToken is null)
        {
            LogNoInternalToken(logger);
        }

        if (settings.Oidc is { } oidc)
        {
            LogOidc(logger, oidc.ToString(), oidc.AdminClaim is { } claim ? $"who has {claim.Name}={claim.Value}" : "nobody (Oidc:AdminClaim)");
        }

        if (settings.Accounts.AdminToken is null && settings.Oidc?.AdminClaim is null)
        {
            LogNoAdminToken(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(3091, LogLevel.Information, "Ledger: {Ledger}. Source of billing answers (Billing:Source): {Source}; upstream: {Upstream}. Prices: {Prices}.")]
    private static partial void LogStart(ILogger logger, string ledger, string source, string upstream, string prices);

    [LoggerMessage(3092, LogLevel.Warning,
        "Internal:Token is not set: no gateway can report usage here, and the usage page signs everybody out at a restart. Set it to the same secret as in the gateways.")]
    private static partial void LogNoInternalToken(ILogger logger);

    [LoggerMessage(3094, LogLevel.Information, "People sign in to the usage page by {Provider}, as admins {Admins}.")]
    private static partial void LogOidc(ILogger logger, string provider, string admins);

    [LoggerMessage(3093, LogLevel.Information, "Billing:AdminToken is not set: nobody sees the usage of all keys, only each key its own.")]
    private static partial void LogNoAdminToken(ILogger logger);
}
