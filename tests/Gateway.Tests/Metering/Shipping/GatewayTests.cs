using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Contracts;
using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.UsageJournal;

namespace OpenAIProxy.Gateway.Tests.Metering.Shipping;

/// <summary>The journal as the gateway composes it.</summary>
public sealed class GatewayTests
{
    [Fact]
    public async Task Gateway_WithBilling_ShipsItsUsageAndLeavesNothing()
    {
        var root = JournalRig.NewRoot();
        var batches = new ConcurrentQueue<UsageBatch>();
        await using var billing = await AppUpstream.StartAsync(async context =>
        {
            batches.Enqueue((await JsonSerializer.DeserializeAsync(context.Request.Body, ContractsJson.Default.UsageBatch))!);
            context.Response.StatusCode = 204;
        });
        await using (var gateway = await GatewayHost.StartAsync(
            new Uri("http://127.0.0.1:1"), ("OpenAI:ApiKey", Keys.Operator), ("services:billing:http:0", billing.Address.ToString()),
            ("Internal:Token", ShipperRig.Token), ("Metering:JournalDirectory", root)))
        {
            var journal = gateway.Services.GetRequiredService<IUsageJournal>();
            Assert.True(journal.IsWritable);
            var call = JournalRig.Call();
            journal.End(journal.Begin(call), JournalRig.Record(call.Id));
            await HangGuard.Until(
                () => !batches.IsEmpty && gateway.Services.GetRequiredService<ReadySegments>().Count == 0, "the usage is shipped");
        }

        Assert.Equal(1, Assert.Single(Assert.Single(batches).Rows).Counts.Requests);
        Assert.Empty(Directory.GetFileSystemEntries(root));
        Directory.Delete(root);
    }

    [Fact]
    public async Task Gateway_WithoutBilling_KeepsNoJournal()
    {
        var root = JournalRig.NewRoot();
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("http://127.0.0.1:1"), ("OpenAI:ApiKey", Keys.Operator), ("Metering:JournalDirectory", root));

        Assert.Null(gateway.Services.GetService<IUsageJournal>());
        Assert.False(Directory.Exists(root));
    }
}
