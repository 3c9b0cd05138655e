using Npgsql;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Storage;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>
/// The ledger as a command opens it: as it is. A command makes no ledger and brings none up to date, because services of an earlier release may be
/// using it; and it waits for no lock of theirs.
/// </summary>
internal static class ExistingLedger
{
    /// <summary>Opens the ledger of a service that isn't started.</summary>
    /// <exception cref="CommandFailedException">There is none, or it can't be read.</exception>
    public static async Task OpenAsync(IServiceProvider services)
    {
        var settings = services.GetRequiredService<LedgerSettings>();
        // False below a folder that this user may not enter, too.
        if (settings.ConnectionString is null && !File.Exists(settings.File))
        {
            throw new CommandFailedException(
                $"There is no ledger at {settings.File}, or you may not read it (Ledger:File, or --data of openai-proxy, says where it is).");
        }

        try
        {
            await Migrations.CheckLatestAsync(services.GetRequiredService<ILedgerDatabase>(), CancellationToken.None);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Unreadable(settings, e);
        }

        services.GetRequiredService<LedgerState>().Ready();
    }

    /// <summary>True for what keeps a ledger from being read.</summary>
    public static bool IsFailure(Exception e) => e is NewerLedgerException or OlderLedgerException or LedgerAwayException || LedgerState.IsFailure(e);

    /// <summary>The same in words for people.</summary>
    public static CommandFailedException Unreadable(LedgerSettings settings, Exception e)
    {
        var reason = e is LedgerAwayException ? e.InnerException ?? e : e;
        return new CommandFailedException($"The ledger ({settings}) can't be read: {(reason as PostgresException)?.MessageText ?? reason.Message}");
    }
}
