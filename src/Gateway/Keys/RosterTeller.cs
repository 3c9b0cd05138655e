using System.Net;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Limits.Budgets;
using OpenAIProxy.Gateway.Limits.Rules;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.Gateway.Keys;

/// <summary>
/// Tells the billing service what the settings say of access keys and budgets: at the start, when they change, and when it doesn't know them any more.
/// While nothing changes only their mark is sent, each minute.
/// </summary>
internal sealed partial class RosterTeller(
    AccessRules access, BudgetRules budgets, LimitTable limits, BillingClient billing, TimeProvider time, ILogger<RosterTeller> logger)
    : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    // Until one that can't take it may have been updated.
    private static readonly TimeSpan LongPause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Outage _refused = new();
    private (AccessSnapshot, BudgetTable, LimitRules)? _seen;
    private Roster? _roster;
    private bool _isChanged;
    private long _next;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            Look();
            if (time.GetTimestamp() >= _next)
            {
                var pause = await TellAsync(_roster!, stoppingToken);
                _next = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Looked at, not told: a reload replaces limits, budgets and keys one after the other.
    private void Look()
    {
        var now = (access.Current, budgets.Current, limits.Current);
        if (now == _seen)
        {
            return;
        }

        _seen = now;
        var roster = Roster.Of(now.Item1.Settings, now.Item2.Settings, now.Item3.Settings);
        if (roster.Mark != _roster?.Mark)
        {
            // What gateways were started with may be known; what has just changed is told, so that it is the newest.
            _isChanged = _roster is not null;
            _roster = roster;
            _next = 0;
        }
    }

    // How long to wait for the next time.
    private async Task<TimeSpan> TellAsync(Roster roster, CancellationToken cancellationToken)
    {
        try
        {
            if (!_isChanged && await billing.GetAsync(KeyRoster.Path, $"\"{roster.Mark}\"", Timeout, IsKnown, cancellationToken))
            {
                return KeyRoster.Interval;
            }

            var status = (HttpStatusCode)await billing.PutAsync(KeyRoster.Path, roster.Json, Timeout, cancellationToken);
            if (status is HttpStatusCode.NoContent)
            {
                _isChanged = false;
                _refused.End();
                return KeyRoster.Interval;
            }

            // A wrong token and a ledger that is away are told by usage that isn't taken.
            if (status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or >= HttpStatusCode.InternalServerError)
            {
                return Pause;
            }

            if (_refused.Begin())
            {
                LogRefused(logger, (int)status);
            }

            return LongPause;
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or IOException)
        {
            // Its absence is told by usage that can't be brought there.
            return Pause;
        }
    }

    private static Task<bool> IsKnown(HttpResponseMessage answer, CancellationToken cancellationToken)
        => Task.FromResult(answer.StatusCode == HttpStatusCode.NotModified);

    [LoggerMessage(2708, LogLevel.Warning,
        "The billing service does not take what the settings say of access keys and budgets (status {Status}): its reports and its usage page lack their teams, "
        + "owners and budgets. An earlier release of it doesn't know them; update it. Logged once.")]
    private static partial void LogRefused(ILogger logger, int status);
}
