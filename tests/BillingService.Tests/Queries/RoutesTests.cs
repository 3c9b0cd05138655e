using System.Net;

namespace OpenAIProxy.BillingService.Tests.Queries;

public sealed class RoutesTests : IAsyncLifetime
{
    private BillingRig _rig = null!;

    public static TheoryData<string> Paths { get; } =
    [
        "/billing/credit_grants", "/v1/billing/credit_grants", "/dashboard/billing/credit_grants", "/v1/dashboard/billing/credit_grants",
        "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-02", "/v1/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-02",
        "/dashboard/billing/subscription", "/v1/dashboard/billing/subscription",
    ];

    public async ValueTask InitializeAsync() => _rig = await BillingRig.StartAsync();

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Route_WithAKey_AnswersAndSaysWhereFrom(string target)
    {
        var answer = await _rig.Billing.GetAsync(target);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("upstream", answer.Headers["x-openaiproxy-source"]);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.DoesNotContain("Server", answer.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.All(_rig.Upstream.Calls, call => Assert.Equal($"Bearer {Keys.Secret}", call.Key));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Route_WithoutACredential_Is401AndNeverUsesTheOperatorsKey(string target)
    {
        var answer = await _rig.Billing.GetAsync(target, key: null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("missing_api_key", answer.Error.Code);
        Assert.Empty(_rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic c2stcHJvajp4")]
    [InlineData("sk-proj-without-scheme")]
    [InlineData("Bearer sk-with space")]
    [InlineData("Bearer sk-\u00e9")]
    public async Task Credential_ThatIsNone_Is401(string authorization)
    {
        var answer = await _rig.Billing.GetRawAsync("/billing/credit_grants", $"Authorization: {authorization}");

        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Equal("missing_api_key", ErrorObject.Parse(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).Code);
        Assert.Empty(_rig.Upstream.Calls);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Route_WithAnotherMethod_Is405WithTheErrorObject(string method)
    {
        var answer = await _rig.Billing.SendAsync(new HttpMethod(method), "/dashboard/billing/usage", Keys.Secret, default);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Equal("method_not_allowed", answer.Error.Code);
        Assert.Contains("GET", answer.Headers["Allow"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/models")]
    [InlineData("/billing")]
    [InlineData("/dashboard/billing/invoices")]
    [InlineData("/v2/dashboard/billing/usage")]
    public async Task Path_ThatIsUnknown_Is404WithTheErrorObject(string path)
    {
        var answer = await _rig.Billing.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("unknown_url", answer.Error.Code);
        Assert.Empty(_rig.Upstream.Calls);
    }

    [Fact]
    public async Task Header_InLatin1_DoesNotCostTheAnswer()
    {
        var answer = await _rig.Billing.GetRawAsync(
            "/dashboard/billing/subscription", "User-Agent: Zo\u00eb", $"Authorization: Bearer {Keys.Secret}");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscription_OfAKey_IsUpstreamsOwnByteForByte()
    {
        var answer = await _rig.Billing.GetAsync("/dashboard/billing/subscription");

        Assert.Equal(FakeBilling.SubscriptionBody, answer.Text);
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();
}
