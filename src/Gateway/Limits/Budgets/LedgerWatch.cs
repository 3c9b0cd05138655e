using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Pricing;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>
/// Asks the billing service again and again what was spent, and for the prices. By that a gateway knows after a restart what is left, and gateways
/// without a store in common learn of each other. Nothing is asked while there are no budgets.
/// </summary>
internal sealed partial class LedgerWatch(BudgetRules rules, BillingClient billing, TimeProvider time, ILogger<LedgerWatch> logger) : BackgroundService
{
    /// <summary>How often the sums of days, weeks and months are asked for.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // All usage there ever was is read for it.
    private static readonly TimeSpan IntervalOfTotal = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    // Of a ledger with many keys a sum may take seconds: it is asked for no more than a twentieth of the time.
    private const int Rest = 20;

    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<BudgetPeriod, LedgerSums> _sums = new();
    private readonly ConcurrentDictionary<BudgetPeriod, TaskCompletionSource> _told = new();
    private readonly Dictionary<BudgetPeriod, (long At, TimeSpan Pause)> _asked = [];
    private readonly Outage _away = new();
    private volatile PriceBook _book = PriceBook.BuiltIn;
    private string? _bookTag;
    private long _bookAsked;

    /// <summary>The prices.</summary>
    public PriceBook Book => _book;

    /// <summary>
    /// What was spent in a period, in micro-dollars, as far as it is in the ledger; null if nobody has told since the start. A period that has begun
    /// since then began with nothing.
    /// </summary>
    public long? Spent(BudgetScope scope, BudgetPeriod period, BudgetWindow window)
    {
        if (!_sums.TryGetValue(period, out var sums))
        {
            return null;
        }

        return sums.Window == window ? sums.Of(scope) : 0;
    }

    /// <summary>Completes when the sums of a period have been told for the first time.</summary>
    /// <exception cref="TimeoutException">That takes longer than <paramref name="patience"/>.</exception>
    public Task WhenToldAsync(BudgetPeriod period, TimeSpan patience, CancellationToken cancellationToken)
        => _sums.ContainsKey(period) ? Task.CompletedTask : Told(period).Task.WaitAsync(patience, time, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var table = rules.Current;
        if (table.Periods.Count == 0)
        {
            return;
        }

        try
        {
            if (IsDue((_bookAsked, Interval)))
            {
                await AskPricesAsync(cancellationToken);
                _bookAsked = time.GetTimestamp();
            }

            foreach (var period in table.Periods)
            {
                if (IsDue(_asked.GetValueOrDefault(period)))
                {
                    await AskInTurnAsync(period, table.Settings.Zone, cancellationToken);
                }
            }

            if (_away.End())
            {
                LogBack(logger);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or JsonException or PriceFileException)
        {
            if (_away.Begin())
            {
                LogAway(logger, e.Message);
            }
        }
    }

    private async Task AskInTurnAsync(BudgetPeriod period, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var interval = TimeSpan.Zero;
        try
        {
            await AskSumsAsync(period, zone, cancellationToken);
            interval = period == BudgetPeriod.Total ? IntervalOfTotal : Interval;
        }
        finally
        {
            // One that was not answered in time has its rest, too: the service may still be busy with it. One that failed at once is asked again at once.
            var took = time.GetElapsedTime(start);
            var rest = took < LongestRest / Rest ? took * Rest : LongestRest;
            _asked[period] = (time.GetTimestamp(), rest > interval ? rest : interval);
        }
    }

    private bool IsDue((long At, TimeSpan Pause) asked) => asked.At == 0 || time.GetElapsedTime(asked.At) >= asked.Pause;

    private async Task AskSumsAsync(BudgetPeriod period, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var window = BudgetWindow.Of(period, time.GetUtcNow(), zone);
        var from = window.Start is { } start ? $"{SpentReport.From}={start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}&" : "";
        var report = await billing.GetAsync(
            $"{SpentReport.Path}?{from}{SpentReport.Zone}={Uri.EscapeDataString(zone.Id)}", null, Timeout, ReadAsync, cancellationToken);
        _sums[period] = new LedgerSums(window, report.MicroDollars, rules.KeysOf);
        Told(period).TrySetResult();

        static async Task<SpentReport> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
        {
            await using var body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, ContractsJson.Default.SpentReport, cancellationToken) is { MicroDollars: not null } report
                ? report
                : throw new JsonException("The answer is no report of what was spent.");
        }
    }

    private TaskCompletionSource Told(BudgetPeriod period)
        => _told.GetOrAdd(period, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task AskPricesAsync(CancellationToken cancellationToken)
        => _book = await billing.GetAsync(PriceFilePath.Path, _bookTag, Timeout, ReadPricesAsync, cancellationToken);

    private async Task<PriceBook> ReadPricesAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        switch (answer.StatusCode)
        {
            case HttpStatusCode.NotModified:
                return _book;
            case HttpStatusCode.NoContent:
                _bookTag = null;
                return PriceBook.BuiltIn;
            default:
                var book = PriceBook.Parse("Pricing:File", await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken));
                _bookTag = answer.Headers.ETag?.Tag;
                return book;
        }
    }

    [LoggerMessage(2611, LogLevel.Warning,
        "The billing service does not tell what was spent ({Reason}). Budgets go on with what this gateway knows; one that has just started knows nothing. "
        + "Logged once.")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(2612, LogLevel.Information, "The billing service tells again what was spent.")]
    private static partial void LogBack(ILogger logger);
}
