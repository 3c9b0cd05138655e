using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>The prices of the service, which follow their file without a restart, and say in the log when they do.</summary>
internal sealed partial class PricesInForce(PriceSettings settings, ILogger<PricesInForce> logger)
{
    private const int MostErrorsLogged = 5;

    private readonly PriceSource _source = new(settings.File, settings.Book);

    /// <summary>
    /// The prices to answer with. An answer given after the file was replaced is by the new prices: its time and length are looked at, which
    /// costs next to nothing beside the ledger.
    /// </summary>
    public PriceBook Book()
    {
        Look(thoroughly: false);
        return _source.Current;
    }

    /// <summary>The file of the prices in force and a mark of what it holds; empty if there is none that can be used.</summary>
    public (ReadOnlyMemory<byte> Bytes, string Mark) File()
    {
        Look(thoroughly: false);
        return _source.File;
    }

    /// <summary>Looks whether the file has changed.</summary>
    /// <param name="thoroughly">What it holds, not only its time and length.</param>
    public void Look(bool thoroughly)
    {
        switch (_source.Look(thoroughly, out var error))
        {
            case PriceReload.Loaded:
                LogLoaded(logger, settings.File);
                break;
            case PriceReload.Refused:
                var errors = error?.Errors ?? [];
                var more = errors.Count > MostErrorsLogged ? $" and {errors.Count - MostErrorsLogged} more" : "";
                LogRefused(logger, settings.File, string.Join("; ", errors.Take(MostErrorsLogged)) + more);
                break;
            default:
                break;
        }
    }

    [LoggerMessage(3401, LogLevel.Information, "{File} has changed; its prices are in force now.")]
    private static partial void LogLoaded(ILogger logger, string? file);

    [LoggerMessage(3402, LogLevel.Error, "{File} has changed, and its prices can't be used ({Errors}). The earlier prices stay in force.")]
    private static partial void LogRefused(ILogger logger, string? file, string errors);
}
