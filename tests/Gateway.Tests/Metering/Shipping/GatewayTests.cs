using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Contracts;
using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.UsageJournal;
using OpenAIProxy.UsageJournal.Segments;

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
            if (context.Request.Path == UsageBatch.Path)
            {
                batches.Enqueue((await JsonSerializer.DeserializeAsync(context.Request.Body, ContractsJson.Default.UsageBatch))!);
            }

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

    [Theory]
    [InlineData($"ann:{Keys.Access}", Keys.Access, "ann", "cret")]
    [InlineData("bob:fk-short", "fk-short", "bob", "")]
    [InlineData(Keys.Access, Keys.Access, "", "cret")]
    [InlineData(Keys.SecondAccess, Keys.Caller, "", "cret")]
    public async Task Batch_ThatIsShipped_NamesItsKeysAndHoldsNone(string configured, string shown, string name, string ending)
    {
        var bodies = new ConcurrentQueue<string>();
        await using var billing = await AppUpstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            if (context.Request.Path == UsageBatch.Path)
            {
                bodies.Enqueue(body);
            }

            context.Response.StatusCode = 204;
        });
        await using var upstream = await AppUpstream.StartAsync(
            context => context.Response.WriteAsJsonAsync(
            new { model = "gpt-4o", usage = new { prompt_tokens = 1, completion_tokens = 1, total_tokens = 2 } }));
        var root = JournalRig.NewRoot();
        await using (var gateway = await GatewayHost.StartAsync(
            upstream.Address, ("OpenAI:ApiKey", Keys.Operator), ("FORWARD_KEY", configured), ("services:billing:http:0", billing.Address.ToString()),
            ("Internal:Token", ShipperRig.Token), ("Metering:JournalDirectory", root)))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = JsonContent.Create(new { model = "gpt-4o", messages = Array.Empty<object>() }),
            };
            request.Headers.Authorization = new("Bearer", shown);
            using var answer = await gateway.Client.SendAsync(request).Guarded();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await HangGuard.Until(() => !bodies.IsEmpty, "the usage is shipped");
        }

        Directory.Delete(root, recursive: true);
        var body = Assert.Single(bodies);
        Assert.DoesNotContain(shown, body, StringComparison.Ordinal);
        var batch = JsonSerializer.Deserialize(body, ContractsJson.Default.UsageBatch)!;
        Assert.Equal(new KeyLabel(KeyId.Of(shown).Value, name, ending), Assert.Single(batch.Keys!));
        Assert.Equal(batch.Keys![0].Key, Assert.Single(batch.Rows).What.Key);
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
