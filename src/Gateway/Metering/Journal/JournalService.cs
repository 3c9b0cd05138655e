using OpenAIProxy.Gateway.Metering.Shipping;

namespace OpenAIProxy.Gateway.Metering.Journal;

/// <summary>
/// Starts the journal before the first request and ends it after the last one: hosted services stop in the opposite order, and the server
/// starts last.
/// </summary>
internal sealed class JournalService(JournalKeeper keeper, SegmentShipper shipper) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        keeper.Start();
        shipper.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        keeper.Flush();
        return shipper.StopAsync(cancellationToken);
    }
}
