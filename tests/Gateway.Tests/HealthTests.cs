using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Contracts;
using OpenAIProxy.TestKit.Journals;
using OpenAIProxy.UsageJournal;

namespace OpenAIProxy.Gateway.Tests;

/// <summary>What the gateway says of its health, in one line.</summary>
public sealed class HealthTests
{
    private const string Path = "/health/ready";

    [Fact]
    public async Task BillingAway_WithoutAnyUsage_IsDegraded()
    {
        await using var gateway = await StartAsync(new Uri("http://127.0.0.1:1"));

        Assert.Equal((HttpStatusCode.OK, "Degraded: The billing service can't be reached"), await AskAsync(gateway));
        Assert.Equal("Healthy", await gateway.Client.GetStringAsync("/health/live").Guarded());
    }

    [Theory]
    [InlineData(503, false, "Degraded: The billing service takes no usage (status 503)")]
    [InlineData(400, false, "Degraded: The billing service refused usage, which is kept in the journal's folder refused")]
    [InlineData(401, true, "Degraded: The billing service refuses this gateway: Internal:Token must be the same at both")]
    public async Task Usage_NotTaken_IsDegradedUntilSomeIs(int status, bool refuses, string text)
    {
        var answer = status;
        await using var billing = await AppUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == UsageBatch.Path ? Volatile.Read(ref answer) : 200;
            if (refuses && context.Response.StatusCode != 204)
            {
                context.Response.Headers[InternalHeaders.Refuses] = InternalHeaders.WrongToken;
            }

            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(billing.Address);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(gateway));

        Use(gateway);
        await HangGuard.Until(() => AskAsync(gateway), seen => seen == (HttpStatusCode.OK, text), "it is degraded");
        Assert.Single(gateway.Logs.Entries, e => e.Category.EndsWith("BillingState", StringComparison.Ordinal) && e.Level >= LogLevel.Warning
            || e.Text.Contains("refused for good", StringComparison.Ordinal));

        Volatile.Write(ref answer, 204);
        Use(gateway);
        await HangGuard.Until(() => AskAsync(gateway), seen => seen == (HttpStatusCode.OK, "Healthy"), "it is healthy again");
    }

    [Fact]
    public async Task Refusal_OfTheGateway_EndsWithAQueryThatIsAnswered()
    {
        var refuses = true;
        await using var billing = await AppUpstream.StartAsync(context =>
        {
            if (Volatile.Read(ref refuses) && context.Request.Headers.ContainsKey(InternalHeaders.KeyId) && context.Request.Headers.Authorization.Count == 0)
            {
                context.Response.StatusCode = 401;
                context.Response.Headers[InternalHeaders.Refuses] = InternalHeaders.WrongToken;
            }

            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(billing.Address, ("Access:Keys", Keys.Access));
        await QueryAsync(gateway, Keys.Access);
        const string refused = "Degraded: The billing service refuses this gateway: Internal:Token must be the same at both";
        Assert.Equal((HttpStatusCode.OK, refused), await AskAsync(gateway));

        // The token has no part in this one.
        await QueryAsync(gateway, Keys.Caller);
        Assert.Equal((HttpStatusCode.OK, refused), await AskAsync(gateway));

        Volatile.Write(ref refuses, false);
        await QueryAsync(gateway, Keys.Access);
        await QueryAsync(gateway, Keys.Access);
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(gateway));
        Assert.Single(gateway.Logs.Find("accepts this gateway's Internal:Token again"));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.ServiceUnavailable, "Unhealthy: Calls are refused, since the journal can't be written (Metering:RequireJournal is true)",
        "New calls are refused (Metering:RequireJournal is true)")]
    [InlineData(false, HttpStatusCode.OK, "Degraded: The journal can't be written; usage is kept in memory", "Calls go on, and usage is kept in memory")]
    public async Task Journal_ThatCantBeWritten_IsUnhealthyWhereItIsRequired(bool required, HttpStatusCode status, string text, string log)
    {
        await using var billing = await AppUpstream.StartAsync(_ => Task.CompletedTask);
        var root = JournalRig.NewRoot();
        File.WriteAllText(root, "in the way");
        try
        {
            await using var gateway = await StartAsync(
                billing.Address, ("Metering:JournalDirectory", root), ("Metering:RequireJournal", required ? "true" : "false"));

            Assert.Equal((status, text), await AskAsync(gateway));
            Assert.Contains(log,
                Assert.Single(gateway.Logs.Find("can't be written"), e => e.Category.EndsWith("JournalKeeper", StringComparison.Ordinal))
                    .Text, StringComparison.Ordinal);

            File.Delete(root);
            await HangGuard.Until(() => AskAsync(gateway), seen => seen == (HttpStatusCode.OK, "Healthy"), "it is healthy again");
        }
        finally
        {
            if (Directory.Exists(root))
            {
                Directory.Delete(root, recursive: true);
            }
        }
    }

    private static Task<GatewayHost> StartAsync(Uri billing, params (string, string)[] settings) => GatewayHost.StartAsync(
        new Uri("http://127.0.0.1:1"), [("OpenAI:ApiKey", Keys.Operator), ("services:billing:http:0", billing.ToString()), .. settings]);

    private static async Task QueryAsync(GatewayHost gateway, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/billing/credit_grants");
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await gateway.Client.SendAsync(request).Guarded();
    }

    private static void Use(GatewayHost gateway)
    {
        var journal = gateway.Services.GetRequiredService<IUsageJournal>();
        var call = JournalRig.Call();
        journal.End(journal.Begin(call), JournalRig.Record(call.Id));
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(GatewayHost gateway)
    {
        using var answer = await gateway.Client.GetAsync(Path).Guarded();
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
