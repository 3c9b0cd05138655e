using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Keys;
using OpenAIProxy.BillingService.Keys.Rosters;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.BillingService.Upstream;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Commands;

/// <summary><c>billing reconcile</c>: the ledger's dollars, of all keys, beside what OpenAI says the organization has cost.</summary>
internal static class Reconcile
{
    /// <param name="options">What is asked.</param>
    /// <param name="isJson">True for one JSON object.</param>
    /// <param name="output">For the table or the object.</param>
    /// <param name="error">For what went wrong.</param>
    /// <param name="progress">Told how many of how many windows of days have come.</param>
    /// <exception cref="CommandLineException">The command line is wrong.</exception>
    /// <exception cref="SettingsException">The settings are.</exception>
    /// <exception cref="CommandFailedException">The ledger can't be read.</exception>
    public static async Task<int> RunAsync(
        ReconcileOptions options, bool isJson, TextWriter output, TextWriter error, Action<int, int>? progress = null)
    {
        if (Environment.GetEnvironmentVariable(options.AdminKeyVariable)?.Trim() is not { Length: > 0 } key)
        {
            throw new CommandLineException($"The environment variable {options.AdminKeyVariable} is not set or empty; it must hold an admin key (sk-admin-…).");
        }

        if (!VisibleAscii.IsAll(key))
        {
            throw new CommandLineException($"The environment variable {options.AdminKeyVariable} holds no key: a key has no spaces and only ASCII characters.");
        }

        var builder = CommandRunner.Configure(options.Settings, out var settings);
        builder.Services.AddSingleton(settings.OpenAI);
        builder.Services.AddSingleton(settings.Upstream);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<UpstreamClient>();
        builder.Services.AddSingleton<OrganizationCosts>();
        builder.AddLedger(settings.Ledger);
        builder.Services.AddKeys();
        builder.Services.AddKeyRosters();
        builder.Services.AddReports(settings.Prices);
        await using var app = builder.Build();
        try
        {
            await ExistingLedger.OpenAsync(app.Services);
            var credential = new Credential(CredentialKind.Admin, key, null, null);
            var costs = new Dictionary<DateOnly, decimal>();
            if (await ReadCostsAsync(app.Services.GetRequiredService<OrganizationCosts>(), credential, options.Range, costs, progress) is { } refusal)
            {
                error.WriteLine($"{settings.OpenAI.BaseUrl} answered with status {refusal.Status}: {UpstreamBody.MessageOf(refusal)}");
                return CommandRunner.Failure;
            }

            var report = await app.Services.GetRequiredService<UsageReports>()
                .CreateAsync(new ReportScope(null, options.Range.Start, options.Range.End), GroupBy.Day, CancellationToken.None);
            if (isJson)
            {
                CommandJson.Write(output, json => ReconcileJson.Write(json, options.Range, report, costs));
            }
            else
            {
                ReconcileTable.Write(output, options.Range, report, costs);
            }

            return CommandRunner.Success;
        }
        catch (Exception e) when (ExistingLedger.IsFailure(e))
        {
            throw ExistingLedger.Unreadable(settings.Ledger, e);
        }
        catch (BillingException e)
        {
            error.WriteLine($"{settings.OpenAI.BaseUrl}: {e.Message}");
            return CommandRunner.Failure;
        }
    }

    // Adds what each day has cost, in dollars. Returns OpenAI's error, or null.
    private static async Task<Answer?> ReadCostsAsync(
        OrganizationCosts costs, Credential credential, DateRange range, Dictionary<DateOnly, decimal> days, Action<int, int>? progress)
    {
        var windows = range.Windows();
        foreach (var (done, window) in windows.Index())
        {
            progress?.Invoke(done, windows.Count);
            var answer = await costs.GetAsUsageAsync(credential, window, CancellationToken.None, dollars: days);
            if (answer.IsError)
            {
                return answer;
            }
        }

        return null;
    }
}
