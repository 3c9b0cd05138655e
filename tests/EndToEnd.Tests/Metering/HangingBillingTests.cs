using System.Net;
using System.Text.RegularExpressions;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>A billing service that is stopped in the middle of its work, and what both services write into their logs.</summary>
[Collection(nameof(MeteredApp))]
public sealed partial class HangingBillingTests
{
    [Fact]
    public async Task Billing_StoppedAsAProcess_CostsTheCallerItsTimeout_AndTheGatewayIsDegraded()
    {
        await using var app = await MeteredApp.StartAsync(logLevel: "Information");
        using var client = new HttpClient { BaseAddress = app.Gateway.Address, Timeout = HangGuard.Limit };
        client.DefaultRequestHeaders.Authorization = new("Bearer", app.Keys[0]);
        Assert.Equal("Healthy", await client.GetStringAsync("/health/ready"));
        app.Billing.Freeze();

        using var answer = await client.GetAsync("/billing/credit_grants");
        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Equal("billing_timeout", (await ErrorObject.ReadAsync(answer)).Code);
        Assert.Equal("Degraded: The billing service does not answer", await client.GetStringAsync("/health/ready"));

        await app.Billing.KillAsync();
        foreach (var service in (Service[])[app.Gateway, app.Billing])
        {
            var lines = service.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.NotEmpty(lines);
            Assert.All(lines, line => Assert.Matches(Time(), line));
        }
    }

    [GeneratedRegex(@"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ (trce|dbug|info|warn|fail|crit): ")]
    private static partial Regex Time();
}
