using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>A billing service that hangs, as a stopped process does, and one that only takes long.</summary>
public sealed class BillingHangTests
{
    [Theory]
    [InlineData("/billing/credit_grants")]
    [InlineData("/v1/dashboard/billing/subscription")]
    [InlineData("/usage")]
    public async Task Service_ThatHangs_CostsTheCallerBillingTimeout(string path)
    {
        await using var billing = await AppUpstream.StartAsync(HangAsync);
        await using var gateway = await StartAsync(billing, "300ms");

        using var answer = await gateway.Client.GetAsync(path).Guarded();

        var error = await ErrorObject.ReadAsync(answer);
        Assert.Equal((504, "billing_timeout"), ((int)answer.StatusCode, error.Code));
        Assert.Contains("Billing:Timeout is 300ms", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_ThatHangsInItsAnswer_IsCutOff()
    {
        await using var billing = await AppUpstream.StartAsync(async context =>
        {
            if (context.Request.Path.StartsWithSegments("/billing", StringComparison.Ordinal))
            {
                await context.Response.WriteAsync("{");
                await context.Response.Body.FlushAsync();
            }

            await HangAsync(context);
        });
        await using var gateway = await StartAsync(billing, "300ms");

        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.Client.GetStringAsync("/billing/usage").Guarded());
    }

    [Fact]
    public async Task Service_ThatTakesLongAndLives_IsWaitedFor()
    {
        var looks = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var billing = await AppUpstream.StartAsync(async context =>
        {
            if (context.Request.Path == "/health/live")
            {
                if (Interlocked.Increment(ref looks) == 3)
                {
                    enough.SetResult();
                }

                return;
            }

            await enough.Task;
            await context.Response.WriteAsync("done");
        });
        await using var gateway = await StartAsync(billing, "2s");

        Assert.Equal("done", await gateway.Client.GetStringAsync("/billing/usage").Guarded());
    }

    [Fact]
    public async Task Queries_ThatWaitTogether_ShareOneLookAtTheService()
    {
        const int queries = 20;
        var (running, most, looks) = (0, 0, 0);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var billing = await AppUpstream.StartAsync(async context =>
        {
            if (context.Request.Path == "/health/live")
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                // Long beside the time within which all queries begin to look.
                await Task.Delay(TimeSpan.FromSeconds(1));
                Interlocked.Decrement(ref running);
                if (Interlocked.Increment(ref looks) == 2)
                {
                    enough.SetResult();
                }

                return;
            }

            await enough.Task;
            await context.Response.WriteAsync("done");
        });
        await using var gateway = await StartAsync(billing, "8s");

        var answers = await Task.WhenAll(Enumerable.Range(0, queries).Select(_ => gateway.Client.GetStringAsync("/billing/usage"))).Guarded();

        Assert.All(answers, answer => Assert.Equal("done", answer));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Look_ThatItsQueryGaveUp_IsNobodyElses()
    {
        var looks = 0;
        var looking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var billing = await AppUpstream.StartAsync(async context =>
        {
            if (context.Request.Path == "/health/live")
            {
                if (Interlocked.Increment(ref looks) == 1)
                {
                    looking.SetResult();
                    await HangAsync(context);
                }

                return;
            }

            await looking.Task;
            await context.Response.WriteAsync("done");
        });
        await using var gateway = await StartAsync(billing, "8s");
        Assert.Equal("done", await gateway.Client.GetStringAsync("/billing/usage").Guarded());

        Assert.Equal("Healthy", await gateway.Client.GetStringAsync("/health/ready").Guarded());
    }

    [Fact]
    public async Task BillingSettings_OfTheOtherService_AreNoErrorAtTheGateway()
    {
        await using var gateway = await GatewayHost.StartAsync(
            new Uri("http://127.0.0.1:1"), ("BILLING__SOURCE", "Ledger"), ("BILLING__TIMEOUT", "5s"), ("OpenAI:ApiKey", Keys.Operator));

        Assert.Equal("Healthy", await gateway.Client.GetStringAsync("/healthz").Guarded());
    }

    private static Task<GatewayHost> StartAsync(AppUpstream billing, string timeout) => GatewayHost.StartAsync(
        new Uri("http://127.0.0.1:1"), ("services:billing:http:0", billing.Address.ToString()), ("Billing:Timeout", timeout), ("OpenAI:ApiKey", Keys.Operator));

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private static Task HangAsync(HttpContext context)
        => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
}
