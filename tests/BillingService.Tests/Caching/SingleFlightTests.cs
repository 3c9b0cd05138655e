using System.Net;

namespace OpenAIProxy.BillingService.Tests.Caching;

public sealed class SingleFlightTests
{
    private const string Usage = "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-16";

    [Fact]
    public async Task Callers_AHundredAtOnce_MakeOneUpstreamCall()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Hold();
        var callers = Enumerable.Range(0, 100).Select(_ => rig.Billing.GetAsync(Usage)).ToArray();
        await AllInside(rig, 100);

        rig.Upstream.Release();
        var answers = await Task.WhenAll(callers).Guarded();

        Assert.All(answers, a => Assert.Equal((HttpStatusCode.OK, "150"), (a.Status, a.Number("total_usage"))));
        Assert.Single(rig.Upstream.Calls);
    }

    [Fact]
    public async Task Callers_OfALongRangeAtOnce_AskForEachWindowOnce()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Hold();
        var callers = Enumerable.Range(0, 20).Select(_ => rig.Billing.GetAsync("/billing/credit_grants?start_date=2025-01-01")).ToArray();
        await AllInside(rig, 20);

        rig.Upstream.Release();
        await Task.WhenAll(callers).Guarded();

        Assert.All(rig.Upstream.Calls.GroupBy(c => c.Path + c.Query), same => Assert.Single(same));
    }

    [Fact]
    public async Task Callers_OfDifferentKeys_NeverShareAFlight()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Hold();
        var one = rig.Billing.GetAsync(Usage, Keys.Secret);
        var other = rig.Billing.GetAsync(Usage, Keys.Other);
        await HangGuard.Until(() => rig.Upstream.AtOnce == 2, "two calls are open");

        rig.Upstream.Release();
        await Task.WhenAll(one, other).Guarded();

        Assert.Equal([$"Bearer {Keys.Other}", $"Bearer {Keys.Secret}"], rig.Upstream.Calls.Select(c => c.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Caller_WhoLeaves_DoesNotDisturbTheOthers()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Hold();
        using var leaving = new CancellationTokenSource();
        // The one who leaves is the one whose request started the call.
        var first = rig.Billing.SendAsync(HttpMethod.Get, Usage, Keys.Secret, leaving.Token);
        await HangGuard.Until(() => rig.Upstream.AtOnce == 1, "the call is open");
        var second = rig.Billing.GetAsync(Usage);
        await AllInside(rig, 2);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await AllInside(rig, 1);
        rig.Upstream.Release();

        Assert.Equal("150", (await second.Guarded()).Number("total_usage"));
        Assert.Single(rig.Upstream.Calls);
        Assert.Equal(0, rig.Upstream.Aborted);
    }

    [Fact]
    public async Task Callers_WhoAllLeave_EndTheUpstreamCall()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Hold();
        using var leaving = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 3).Select(_ => rig.Billing.SendAsync(HttpMethod.Get, Usage, Keys.Secret, leaving.Token)).ToArray();
        await AllInside(rig, 3);
        await HangGuard.Until(() => rig.Upstream.AtOnce == 1, "the call is open");

        await leaving.CancelAsync();

        await HangGuard.Until(() => rig.Upstream.Aborted == 1, "the call is given up");
        foreach (var caller in callers)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        }

        rig.Upstream.Release();
        Assert.Equal("150", (await rig.Billing.GetAsync(Usage)).Number("total_usage"));
    }

    [Fact]
    public async Task Failure_OfAFlight_ReachesAllOfItsCallers()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Hold();
        rig.Upstream.AnswerWith(503, "{}");
        var callers = Enumerable.Range(0, 10).Select(_ => rig.Billing.GetAsync(Usage)).ToArray();
        await AllInside(rig, 10);

        rig.Upstream.Release();

        Assert.All(await Task.WhenAll(callers).Guarded(), a => Assert.Equal(HttpStatusCode.ServiceUnavailable, a.Status));
        Assert.Single(rig.Upstream.Calls);
    }

    private static Task AllInside(BillingRig rig, int callers)
        => HangGuard.Until(() => rig.Billing.Waiting == callers, $"{callers} callers wait for an answer");
}
