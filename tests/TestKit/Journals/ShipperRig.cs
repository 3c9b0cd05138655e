using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.TestKit.Journals;

/// <summary>A journal, its shipper, and a billing service that the test plays.</summary>
internal sealed class ShipperRig : IAsyncDisposable
{
    public const string Token = "internal-token-0123456789";

    private readonly BatchSender _sender;
    private readonly ConcurrentQueue<byte[]> _bodies = new();
    private AppUpstream? _billing;

    private ShipperRig(JournalRig rig, Uri billing, TimeSpan? timeout)
    {
        Rig = rig;
        _sender = new BatchSender(billing, Token, BillingConnections.CreateUntraced(), TimeProvider.System) { Timeout = timeout ?? HangGuard.Limit };
        Shipper = new SegmentShipper(
            rig.Ready, _sender, new BillingState(new BillingServiceSettings(billing, HangGuard.Limit, Token), rig.Loggers.CreateLogger<BillingState>()),
            rig.Telemetry, rig.Loggers.CreateLogger<SegmentShipper>(), TimeProvider.System)
        {
            StopPatience = HangGuard.Limit,
        };
    }

    public JournalRig Rig { get; }

    public SegmentShipper Shipper { get; }

    /// <summary>Where the billing service is.</summary>
    public Uri Billing => _billing!.Address;

    public MemoryShipper Memory => new(Rig.Journal, _sender, TimeProvider.System) { Patience = HangGuard.Limit };

    /// <summary>What reached the billing service, each time.</summary>
    public IReadOnlyCollection<byte[]> Bodies => _bodies;

    /// <summary>The batches, each once.</summary>
    public List<UsageBatch> Batches
        => [.. _bodies.Select(b => JsonSerializer.Deserialize(b, ContractsJson.Default.UsageBatch)!).DistinctBy(b => b.Id)];

    public long Requests => Batches.Sum(b => b.Rows.Sum(r => r.Counts.Requests));

    public static Task<ShipperRig> StartAsync(RequestDelegate answer, TimeSpan? timeout = null)
        => StartAsync(JournalRig.NewRoot(), ownsRoot: true, answer, timeout);

    /// <summary>Starts one with a billing service that keeps a batch and then does what <paramref name="answer"/> does, which may read it again.</summary>
    public static async Task<ShipperRig> StartAsync(string root, bool ownsRoot, RequestDelegate answer, TimeSpan? timeout = null)
    {
        ShipperRig? made = null;
        var billing = await AppUpstream.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            made!._bodies.Enqueue(body.ToArray());
            body.Position = 0;
            context.Request.Body = body;
            await answer(context);
        });
        var rig = JournalRig.Start(root, ownsRoot, o => o with { CloseAfter = TimeSpan.FromMilliseconds(20) });
        made = new ShipperRig(rig, billing.Address, timeout) { _billing = billing };
        made.Shipper.Start();
        return made;
    }

    /// <summary>Ends it as a gateway does.</summary>
    public async Task StopAsync()
    {
        Rig.Keeper.Flush();
        await Shipper.StopAsync(CancellationToken.None).Guarded();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Shipper.Dispose();
        _sender.Dispose();
        Rig.Dispose();
        if (_billing is not null)
        {
            await _billing.DisposeAsync();
        }
    }
}
