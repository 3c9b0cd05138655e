using System.Threading.Channels;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Billing;

namespace OpenAIProxy.Gateway.Limits.Budgets;

/// <summary>
/// Tells the billing service of budgets of which a part is spent, behind the calls that see it. The service tells each to the webhooks once, whichever
/// gateways saw it.
/// </summary>
internal sealed class AlertTeller(BillingClient billing, TimeProvider time) : BackgroundService
{
    // While the billing service is away, the newest are worth more.
    private const int MostWaiting = 1_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly Channel<BudgetAlert> _alerts = Channel.CreateBounded<BudgetAlert>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Takes an alert. Never waits.</summary>
    public void Tell(BudgetAlert alert) => _alerts.Writer.TryWrite(alert);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var alert in _alerts.Reader.ReadAllAsync(stoppingToken))
        {
            while (!await TryPostAsync(alert, stoppingToken))
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task<bool> TryPostAsync(BudgetAlert alert, CancellationToken cancellationToken)
    {
        try
        {
            var status = await billing.PostAsync(BudgetAlert.Path, alert, Contracts.ContractsJson.Default.BudgetAlert, Timeout, cancellationToken);
            // One that is refused won't be taken later, but for a wrong token, which is for the operator to cure.
            return status is < StatusCodes.Status500InternalServerError and not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException or IOException)
        {
            // Its absence is told by usage that can't be brought there.
            return false;
        }
    }
}
