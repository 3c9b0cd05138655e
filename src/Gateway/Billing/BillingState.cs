using OpenAIProxy.ServiceDefaults.Logs;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>
/// How the billing service answers this gateway, as its usage and its callers' queries show. Says in the log once when something is wrong, and
/// once when it is over.
/// </summary>
internal sealed partial class BillingState(BillingServiceSettings billing, ILogger<BillingState> logger) : IShippingObserver
{
    /// <summary>What is wrong where the billing service doesn't know this gateway by its token.</summary>
    public const string RefusesGateway = "The billing service refuses this gateway: Internal:Token must be the same at both";

    private readonly Outage _away = new();
    private readonly Outage _unauthorized = new();
    private volatile string? _reason;
    private volatile bool _hasRefusedUsage;

    /// <summary>What is wrong, in one line without secrets; null if nothing is known to be.</summary>
    public string? Reason => (_unauthorized.IsOn, _away.IsOn, _hasRefusedUsage) switch
    {
        (true, _, _) => RefusesGateway,
        (_, true, _) => $"The billing service takes no usage ({_reason})",
        (_, _, true) => "The billing service refused usage, which is kept in the journal's folder refused",
        _ => null,
    };

    /// <summary>Usage could not be brought there.</summary>
    public void Away(string reason)
    {
        _reason = reason;
        if (_away.Begin())
        {
            LogAway(logger, billing.ToString(), reason);
        }
    }

    /// <summary>It rejects this gateway's token.</summary>
    public void Unauthorized()
    {
        if (_unauthorized.Begin())
        {
            LogUnauthorized(logger, billing.ToString());
        }
    }

    /// <summary>It knows this gateway: it answered what it answers nobody without the token.</summary>
    public void Knows()
    {
        if (_unauthorized.End())
        {
            LogKnows(logger);
        }
    }

    /// <summary>It decided on a batch: took it, or refused it for good.</summary>
    public void Decided(bool isTaken)
    {
        _hasRefusedUsage = !isTaken;
        Knows();
        if (_away.End())
        {
            LogBack(logger);
        }
    }

    [LoggerMessage(2451, LogLevel.Warning,
        "Billing at {Billing} is unavailable for usage ({Reason}). Usage stays in the journal; further failures are not logged until it answers again.")]
    private static partial void LogAway(ILogger logger, string billing, string reason);

    [LoggerMessage(2452, LogLevel.Information, "The billing service accepts usage again.")]
    private static partial void LogBack(ILogger logger);

    [LoggerMessage(2458, LogLevel.Error,
        "Billing at {Billing} refuses this gateway's Internal:Token; set the same on both. Until then usage stays in the journal, and callers' billing queries fail.")]
    private static partial void LogUnauthorized(ILogger logger, string billing);

    [LoggerMessage(2459, LogLevel.Information, "The billing service accepts this gateway's Internal:Token again.")]
    private static partial void LogKnows(ILogger logger);
}
