using System.Net;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>A gateway and a billing service whose <c>Internal:Token</c> are not the same.</summary>
public sealed class WrongTokenTests
{
    private const string AccessKey = "fk-T3BlbkFJ-of-a-guest";

    [Theory]
    [InlineData("another-token-of-a-gateway")]
    [InlineData("")]
    public async Task Caller_WithAGoodAccessKey_IsToldWhatIsWrongAndBothLogsAre(string token)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var billing = await BillingHost.StartAsync(simulator.Address, ("Internal:Token", token));
        await using var gateway = await GatewayHost.StartAsync(
            simulator.Address, ("services:billing:http:0", billing.Address.ToString()), ("OpenAI:ApiKey", Keys.Operator), ("Access:Keys", AccessKey));

        // Usage, which is refused too, and what callers ask.
        using var chat = await SendAsync(gateway, HttpMethod.Post, "/v1/chat/completions", """{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
        foreach (var path in (string[])["/billing/credit_grants", "/v1/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-02", "/billing/usage"])
        {
            using var answer = await SendAsync(gateway, HttpMethod.Get, path);
            var error = await ErrorObject.ReadAsync(answer);
            Assert.Equal((HttpStatusCode.BadGateway, "billing_refuses_gateway"), (answer.StatusCode, error.Code));
            Assert.Contains("Internal:Token", error.Message, StringComparison.Ordinal);
        }

        await HangGuard.Until(() => billing.Logs.Find("billing queries are refused").Count > 0, "it is told");
        Assert.Single(gateway.Logs.Find("Internal:Token"), e => e.Level is LogLevel.Error);
        Assert.Single(billing.Logs.Find("Internal:Token"), e => e.Level is LogLevel.Error);
    }

    [Fact]
    public async Task Stranger_WithoutAToken_IsNoGateway()
    {
        await using var rig = await BillingRig.StartAsync();

        var answer = await rig.Billing.GetAsync("/billing/credit_grants", null, (InternalHeaders.KeyId, "key_1"));

        Assert.Equal((HttpStatusCode.Unauthorized, "missing_api_key"), (answer.Status, answer.Error.Code));
        Assert.Empty(rig.Billing.Logs.Find("billing queries are refused"));
    }

    private static async Task<HttpResponseMessage> SendAsync(GatewayHost gateway, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", AccessKey);
        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        return await gateway.Client.SendAsync(request).Guarded();
    }
}
