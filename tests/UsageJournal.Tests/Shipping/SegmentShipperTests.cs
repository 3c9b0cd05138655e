using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Contracts;
using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.UsageJournal.Tests.Shipping;

public sealed class SegmentShipperTests
{
    [Fact]
    public async Task Segment_Taken_IsDeleted()
    {
        string? said = null;
        await using var rig = await ShipperRig.StartAsync(context =>
        {
            said = $"{context.Request.Method} {context.Request.Path} {context.Request.ContentType} {context.Request.Headers[InternalHeaders.Token]}";
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        rig.Rig.Write();
        await HangGuard.Until(() => rig.Rig.Metric(JournalTelemetry.ShippedName) == 1 && rig.Rig.Ready.Count == 0, "it is shipped");

        Assert.Equal($"POST /internal/usage application/json {ShipperRig.Token}", said);
        Assert.Empty(Directory.GetFiles(rig.Rig.Root, "*.ready", SearchOption.AllDirectories));
        var row = Assert.Single(Assert.Single(rig.Batches).Rows);
        Assert.Equal(new UsageCounts { Requests = 1, Input = 7, Output = 3 }, row.Counts);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("429")]
    [InlineData("408")]
    [InlineData("401")]
    [InlineData("403")]
    [InlineData("404")]
    [InlineData("307")]
    [InlineData("hang")]
    [InlineData("reset")]
    [InlineData("cut")]
    public async Task Segment_NotTakenAtFirst_IsSentAgainAsItWas(string failure)
    {
        var tries = 0;
        await using var rig = await ShipperRig.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref tries) > 2)
            {
                return;
            }

            switch (failure)
            {
                case "hang":
                    await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                    break;
                case "reset":
                    context.Abort();
                    break;
                case "cut":
                    // It says that it took the batch, but the gateway can't hear it.
                    context.Response.ContentLength = 10;
                    context.Abort();
                    break;
                default:
                    context.Response.StatusCode = int.Parse(failure, System.Globalization.CultureInfo.InvariantCulture);
                    context.Response.Headers.Location = "/elsewhere";
                    break;
            }
        }, timeout: failure == "hang" ? TimeSpan.FromMilliseconds(500) : null);
        rig.Rig.Write();
        await HangGuard.Until(() => rig.Rig.Metric(JournalTelemetry.ShippedName) == 1, "it is shipped");

        // The limit for the one that hangs is short, and on a busy machine its third try may reach it, too.
        Assert.InRange(rig.Bodies.Count, 3, failure == "hang" ? int.MaxValue : 3);
        Assert.Single(rig.Bodies.Select(Convert.ToHexString).Distinct());
        Assert.Single(rig.Rig.Logs.Find("unavailable for usage"), e => e.Level is LogLevel.Warning);
        Assert.Single(rig.Rig.Logs.Find("accepts usage again"), e => e.Level is LogLevel.Information);
        Assert.DoesNotContain(rig.Rig.Logs.Entries, e => e.Text.Contains(ShipperRig.Token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task Segment_Refused_IsMovedAside_AndOthersGoOn(int status)
    {
        var tries = 0;
        await using var rig = await ShipperRig.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref tries) == 1 ? status : StatusCodes.Status204NoContent;
            return context.Response.StatusCode == status ? context.Response.WriteAsync("what a batch") : Task.CompletedTask;
        });
        var id = rig.Rig.Write();
        await HangGuard.Until(() => rig.Rig.Metric(JournalTelemetry.RefusedName) == 1, "it is refused");
        rig.Rig.Write();
        await HangGuard.Until(() => rig.Rig.Metric(JournalTelemetry.ShippedName) == 1 && rig.Rig.Ready.Count == 0, "the next one is shipped");

        var aside = Assert.Single(Directory.GetFiles(Path.Combine(rig.Rig.Root, "refused"), "*.refused"));
        Assert.Equal(id, Assert.Single(JournalRig.Read(File.ReadAllBytes(aside))).Id);
        Assert.Single(rig.Rig.Logs.Find("what a batch"), e => e.Level is LogLevel.Error);
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task Segment_Unreadable_IsMovedAside()
    {
        await using var rig = await ShipperRig.StartAsync(_ => Task.CompletedTask);
        var folder = Path.Combine(rig.Rig.Root, "dead");
        var made = Directory.CreateDirectory(JournalRig.NewRoot()).FullName;
        File.WriteAllText(Path.Combine(made, "x.ready"), new string('?', 100));
        File.WriteAllBytes(Path.Combine(made, "lock"), []);
        Directory.Move(made, folder);

        await HangGuard.Until(() => rig.Rig.Metric(JournalTelemetry.RefusedName) == 1, "it is moved aside");

        Assert.True(File.Exists(Path.Combine(rig.Rig.Root, "refused", "x.refused")));
        await HangGuard.Until(() => !Directory.Exists(folder), "the folder is gone");
    }

    [Fact]
    public async Task Segments_ThatAreNeverTaken_HoldUpNoOthers()
    {
        const int stuck = 2 * SegmentShipper.Workers;
        var refused = new ConcurrentDictionary<Guid, bool>();
        var isBad = true;
        await using var rig = await ShipperRig.StartAsync(async context =>
        {
            var batch = await JsonSerializer.DeserializeAsync(context.Request.Body, ContractsJson.Default.UsageBatch);
            if (Volatile.Read(ref isBad))
            {
                refused[batch!.Id] = true;
            }

            context.Response.StatusCode = refused.ContainsKey(batch!.Id) ? 500 : 204;
        });
        for (var i = 0; i < stuck; i++)
        {
            rig.Rig.Write();
            rig.Rig.Keeper.Flush();
        }

        await HangGuard.Until(() => refused.Count == stuck, "each was tried");
        Volatile.Write(ref isBad, false);
        rig.Rig.Write();
        await HangGuard.Until(() => rig.Rig.Metric(JournalTelemetry.ShippedName) == 1, "another one is shipped");

        Assert.Equal(stuck, rig.Rig.Ready.Count);
        await rig.StopAsync();
        // A "no" that is heard after the "yes" to another one is told of, too.
        Assert.InRange(rig.Rig.Logs.Find("unavailable for usage").Count, 1, 2);
        Assert.Single(rig.Rig.Logs.Find("accepts usage again"));
    }

    [Fact]
    public async Task Segment_ThatIsNeverTaken_IsNamedOnce_AndTheNextOutageIsToldToo()
    {
        Guid? stuck = null;
        var isAway = false;
        var tries = 0;
        await using var rig = await ShipperRig.StartAsync(async context =>
        {
            var batch = await JsonSerializer.DeserializeAsync(context.Request.Body, ContractsJson.Default.UsageBatch);
            stuck ??= batch!.Id;
            tries += batch!.Id == stuck ? 1 : 0;
            context.Response.StatusCode = batch.Id == stuck || Volatile.Read(ref isAway) ? 500 : 204;
        });
        rig.Rig.Write();
        rig.Rig.Keeper.Flush();
        await HangGuard.Until(() => tries > 0, "it was tried");
        var shipped = 0;
        await HangGuard.Until(
            () =>
            {
                if (rig.Rig.Metric(JournalTelemetry.ShippedName) == shipped)
                {
                    shipped++;
                    rig.Rig.Write();
                    rig.Rig.Keeper.Flush();
                }

                return rig.Rig.Logs.Find("other segments are not blocked").Count > 0 && rig.Rig.Logs.Find("accepts usage again").Count > 0;
            },
            "it is named");
        var before = rig.Rig.Logs.Find("unavailable for usage").Count;
        Volatile.Write(ref isAway, true);
        rig.Rig.Write();
        rig.Rig.Keeper.Flush();
        await HangGuard.Until(() => rig.Rig.Logs.Find("unavailable for usage").Count > before, "the outage is told");

        Assert.Contains(".ready", Assert.Single(rig.Rig.Logs.Find("other segments are not blocked")).Text, StringComparison.Ordinal);
        Assert.Equal(1, before);
    }

    [Fact]
    public async Task Segment_NotTakenWhileNoOtherIs_IsNotSaidToBeTheOnlyOne()
    {
        await using var rig = await ShipperRig.StartAsync(context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        rig.Rig.Write();
        rig.Rig.Keeper.Flush();
        await HangGuard.Until(() => rig.Bodies.Count > 6, "it was tried often");

        Assert.Empty(rig.Rig.Logs.Find("while others succeeded"));
        Assert.Single(rig.Rig.Logs.Find("unavailable for usage"));
    }

    [Fact]
    public async Task BillingAway_ManySegments_AllAreShippedOnceWhenItIsBack()
    {
        var isAway = true;
        await using var rig = await ShipperRig.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref isAway) ? 503 : 204;
            return Task.CompletedTask;
        });
        for (var i = 0; i < 50; i++)
        {
            rig.Rig.Write();
            rig.Rig.Keeper.Flush();
        }

        await HangGuard.Until(() => rig.Rig.Logs.Find("unavailable for usage").Count > 0, "it is away");
        Volatile.Write(ref isAway, false);
        await HangGuard.Until(() => rig.Rig.Ready.Count == 0, "all is shipped");

        Assert.Equal(50, rig.Requests);
        // Each worker may hear a last "no" after another's first "yes".
        Assert.InRange(rig.Rig.Logs.Find("unavailable for usage").Count, 1, SegmentShipper.Workers);
    }

    [Fact]
    public async Task Stop_BillingThere_ShipsTheRest()
    {
        await using var rig = await ShipperRig.StartAsync(_ => Task.CompletedTask);
        for (var i = 0; i < 5; i++)
        {
            rig.Rig.Write();
        }

        await rig.StopAsync();

        Assert.Equal(5, rig.Requests);
        Assert.Empty(Directory.GetFiles(rig.Rig.Root, "*.ready", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Stop_BillingAway_KeepsTheRestForTheNextStart()
    {
        var root = JournalRig.NewRoot();
        try
        {
            byte[] first;
            await using (var rig = await ShipperRig.StartAsync(root, ownsRoot: false, context =>
            {
                context.Response.StatusCode = 500;
                return Task.CompletedTask;
            }))
            {
                rig.Rig.Write();
                await rig.StopAsync();
                first = rig.Bodies.First();
            }

            await using var next = await ShipperRig.StartAsync(root, ownsRoot: false, _ => Task.CompletedTask);
            await HangGuard.Until(() => next.Rig.Metric(JournalTelemetry.ShippedName) == 1, "it is shipped");
            Assert.Equal(first, Assert.Single(next.Bodies));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task Stop_DiskNeverWritable_ShipsFromMemory()
    {
        var root = JournalRig.NewRoot();
        File.WriteAllText(root, "in the way");
        await using var rig = await ShipperRig.StartAsync(root, ownsRoot: true, _ => Task.CompletedTask);
        for (var i = 0; i < 5; i++)
        {
            rig.Rig.Write();
        }

        await rig.StopAsync();
        await rig.Memory.ShipAsync(rig.Rig.Keeper.TakePending(), CancellationToken.None);

        Assert.Equal(5, rig.Requests);
        Assert.Equal(0, rig.Rig.Journal.Pending.Count);
        File.Delete(root);
    }
}
