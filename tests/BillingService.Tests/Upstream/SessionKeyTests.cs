using System.Net;

namespace OpenAIProxy.BillingService.Tests.Upstream;

/// <summary>OpenAI itself answers keys on the old routes with "must be made with a session key". Where upstream is the only source, so do we.</summary>
public sealed class SessionKeyTests
{
    public const string Refusal = """
        {"error":{"message":"Your request to GET /v1/dashboard/billing/usage must be made with a session key (that is, it can only be made from the browser). You made it with the following key type: secret.","type":"server_error","param":null,"code":null}}
        """;

    [Fact]
    public async Task Refusal_OfUpstream_PassesAndIsRememberedForAllDates()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", "Upstream"));
        rig.Upstream.AnswerWith(403, Refusal);

        var first = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-02");
        rig.Billing.Clock.Advance(TimeSpan.FromMinutes(59));
        var second = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2026-02-01&end_date=2026-02-02");

        Assert.All((Answer[])[first, second], answer =>
        {
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            Assert.Equal(Refusal, answer.Text);
            Assert.Equal("application/json", answer.Headers["Content-Type"]);
        });
        Assert.Equal(("miss", "0"), (first.Cache, first.Age));
        Assert.Equal(("hit", "3540"), (second.Cache, second.Age));
        Assert.Single(rig.Upstream.Calls);
    }

    [Fact]
    public async Task Refusal_AfterAnHour_IsForgotten()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", "Upstream"));
        rig.Upstream.AnswerWith(403, Refusal);
        await rig.Billing.GetAsync("/dashboard/billing/subscription");
        rig.Upstream.Instead = _ => Task.FromResult(false);

        rig.Billing.Clock.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync("/dashboard/billing/subscription")).Status);
    }

    [Fact]
    public async Task Refusal_AskedAgainFreshAndAnswered_IsForgottenAtOnce()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", "Upstream"));
        rig.Upstream.AnswerWith(403, Refusal);
        await rig.Billing.GetAsync("/dashboard/billing/subscription");
        rig.Upstream.Instead = _ => Task.FromResult(false);

        var fresh = await rig.Billing.GetAsync("/dashboard/billing/subscription", Keys.Secret, ("Cache-Control", "no-cache"));
        rig.Billing.Clock.Advance(TimeSpan.FromMinutes(2));
        var later = await rig.Billing.GetAsync("/dashboard/billing/subscription");

        Assert.Equal(HttpStatusCode.OK, fresh.Status);
        Assert.Equal(HttpStatusCode.OK, later.Status);
    }

    [Fact]
    public async Task Refusal_OfOneKey_IsNotRememberedForAnother()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", "Upstream"));
        rig.Upstream.AnswerWith(403, Refusal);
        await rig.Billing.GetAsync("/dashboard/billing/subscription");
        rig.Upstream.Instead = _ => Task.FromResult(false);

        Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync("/dashboard/billing/subscription", Keys.Other)).Status);
    }

    [Fact]
    public async Task Refusal_OfOneQuestion_IsRememberedForTheOthers()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", "Upstream"));
        rig.Upstream.AnswerWith(403, Refusal);
        await rig.Billing.GetAsync("/dashboard/billing/subscription");

        await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-02");
        await rig.Billing.GetAsync("/billing/credit_grants");

        Assert.Single(rig.Upstream.Calls);
    }

    [Fact]
    public async Task Forbidden_ForAnotherReason_IsNotRemembered()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", "Upstream"));
        rig.Upstream.AnswerWith(403, """{"error":{"message":"You have insufficient permissions for this operation.","type":"invalid_request_error","param":null,"code":null}}""");
        await rig.Billing.GetAsync("/dashboard/billing/subscription");

        await rig.Billing.GetAsync("/dashboard/billing/subscription");

        Assert.Equal(2, rig.Upstream.Calls.Count);
    }
}
