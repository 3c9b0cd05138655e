using Microsoft.Extensions.Hosting;
using OpenAIProxy.UsageJournal.Keeping;

namespace OpenAIProxy.UsageJournal.Shipping;

/// <summary>
/// Starts the journal before the first request and ends it after the last one: hosted services stop in the opposite order, and the server
/// starts last.
/// </summary>
internal sealed class JournalService(Journal journal, JournalKeeper keeper, SegmentShipper shipper, MemoryShipper memory) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        keeper.Start();
        shipper.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        keeper.Flush();
        await shipper.StopAsync(cancellationToken);
        if (journal.Pending.Count > 0)
        {
            await memory.ShipAsync(keeper.TakePending(), cancellationToken);
        }
    }
}
