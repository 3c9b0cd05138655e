using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Metering;
using OpenAIProxy.UsageJournal.Files;
using OpenAIProxy.UsageJournal.Segments;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.Gateway.Commands;

/// <summary>
/// <c>billing resend</c>: sends the usage that the billing service refused, and that is kept beside the journal, once more. Each file is a
/// batch with the id it always had, so whatever was counted before is not counted again. Gateways may run meanwhile.
/// </summary>
internal static class BillingResend
{
    private const int Done = 0;
    private const int Failure = 1;

    /// <summary>Sends all of it, and returns 0 if none is left, else 1.</summary>
    /// <param name="settings">Where the journal is.</param>
    /// <param name="billing">Where the billing service is.</param>
    /// <param name="dial">How it is reached.</param>
    /// <param name="output">For what became of each file.</param>
    /// <param name="error">For what else there is to say.</param>
    /// <param name="progress">Told how many of how many files were tried.</param>
    public static async Task<int> RunAsync(
        MeteringSettings settings, BillingServiceSettings billing, BillingDial dial, TextWriter output, TextWriter error,
        Action<int, int>? progress = null)
    {
        if (!settings.IsOn)
        {
            error.WriteLine("There is no billing service to send usage to: services:billing is not set, or Metering:Enabled is false.");
            return Failure;
        }

        var folder = JournalFolder.Aside(settings.JournalDirectory);
        if (!TryList(folder, error, out var files))
        {
            return Failure;
        }

        var (taken, records) = (0, 0);
        using var sender = JournalExtensions.CreateSender(billing, dial, TimeProvider.System, static _ => null);
        foreach (var (done, file) in files.Index())
        {
            progress?.Invoke(done, files.Length);
            try
            {
                var (reason, count) = await SendAsync(sender, settings.JournalDirectory, file);
                output.WriteLine($"{file}: {reason}");
                taken += count > 0 ? 1 : 0;
                records += count;
            }
            catch (Exception e) when (FileCleanup.IsDiskFailure(e))
            {
                output.WriteLine($"{file}: {e.Message}");
            }
        }

        output.WriteLine($"{taken} of {files.Length} files in {folder} were taken, with {records} usage records.");
        if (JournalFolder.IsHeld(settings.JournalDirectory))
        {
            error.WriteLine($"A running process holds the journal in {settings.JournalDirectory}: it sends by itself what it has not set aside.");
        }

        return taken == files.Length ? Done : Failure;
    }

    private static bool TryList(string folder, TextWriter error, out string[] files)
    {
        files = [];
        try
        {
            files = Directory.GetFiles(folder, "*" + JournalFolder.Refused);
            Array.Sort(files, StringComparer.Ordinal);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was ever refused.
            return true;
        }
        catch (Exception e) when (FileCleanup.IsDiskFailure(e))
        {
            error.WriteLine($"{folder} can't be read: {e.Message}");
            return false;
        }
    }

    /// <returns>What became of it, and how many records of it were taken.</returns>
    private static async Task<(string Reason, int Records)> SendAsync(BatchSender sender, string root, string file)
    {
        var (batch, report) = BatchBuilder.Read(SegmentFile.Read(file));
        if (report.Saved == 0)
        {
            return ($"holds no usage that can be read ({report.Name}); kept", 0);
        }

        var (result, reason) = await sender.SendAsync(sender.Encode(batch), CancellationToken.None);
        if (result is not SendResult.Taken)
        {
            var outcome = result switch
            {
                SendResult.Refused => $"refused ({reason})",
                SendResult.Unauthorized => $"refused ({reason}). {BillingState.RefusesGateway}",
                _ => $"not known to be taken ({reason})",
            };
            return ($"{outcome}; kept", 0);
        }

        if (report.Damage is JournalDamage.None)
        {
            File.Delete(file);
        }
        else
        {
            // What is lost of it may still be of interest to somebody.
            JournalFolder.MoveAside(root, file, JournalFolder.Damaged);
        }

        return ($"taken, {report.Saved} usage records{(report.Lost > 0 ? $"; {report.LostText} lost by damage" : "")}", report.Saved);
    }
}
