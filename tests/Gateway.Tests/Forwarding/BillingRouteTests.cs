using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Which paths are the billing service's, and what it gets to see. The tests play that service.</summary>
public sealed class BillingRouteTests : IAsyncLifetime
{
    private readonly RawUpstream _billing = new();
    private Rig _rig = null!;

    public async ValueTask InitializeAsync()
        => _rig = await Rig.StartAsync(("services:billing:http:0", _billing.Address.AbsoluteUri), ("Access:TrustedProxies", "127.0.0.1"));

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _billing.DisposeAsync();
    }

    [Theory]
    [InlineData("/billing/credit_grants")]
    [InlineData("/billing/credit_grants?start_date=2024-01-01&end_date=2024-03-31")]
    [InlineData("/v1/billing/credit_grants")]
    [InlineData("/dashboard/billing/credit_grants")]
    [InlineData("/dashboard/billing/usage?start_date=2024-01-01&end_date=2024-02-01")]
    [InlineData("/dashboard/billing/subscription")]
    [InlineData("/v1/dashboard/billing/usage")]
    public async Task BillingPath_WithAService_GoesThereWithTheCallersKey(string target)
    {
        await using var client = await _rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request($"GET {target}", $"Authorization: Bearer {Keys.Caller}", "Cookie: a=b", "X-Forwarded-For: 203.0.113.9"));

        var request = await _billing.AnswerAsync(Rig.Ok.Replace("Content-Type", "Age: 5\r\nx-openaiproxy-cache: hit\r\nContent-Type", StringComparison.Ordinal));
        var answer = await client.ReadMessageAsync();

        Assert.Equal(target, request.Head.Target);
        Assert.Equal([$"Bearer {Keys.Caller}"], request.Head.All("Authorization"));
        Assert.Null(request.Head["Cookie"]);
        Assert.Equal(GatewayHost.InternalToken, request.Head[InternalHeaders.Token]);
        Assert.Equal(24, request.Head[InternalHeaders.Client]!.Length);
        Assert.DoesNotContain("203.0.113.9", request.Head.Text, StringComparison.Ordinal);
        Assert.Equal(200, answer.Head.Status);
        Assert.Equal("hit", answer.Head["x-openaiproxy-cache"]);
        Assert.Equal("5", answer.Head["Age"]);
        Assert.False(_rig.Upstream.HasCaller);
    }

    [Theory]
    [InlineData("api-key: " + Keys.Caller, Keys.Caller)]
    [InlineData("X-None: 1", Keys.Operator)]
    public async Task BillingPath_WithoutAnAuthorizationHeader_GoesThereWithOne(string line, string key)
    {
        var request = await AskAsync(_rig, "GET /billing/credit_grants", line);

        Assert.Equal([$"Bearer {key}"], request.Head.All("Authorization"));
    }

    [Theory]
    [InlineData("/billing/credit_grants")]
    [InlineData("/v1/billing/usage?group_by=model")]
    [InlineData("/v1/dashboard/billing/subscription")]
    [InlineData("/Dashboard/Billing/Usage")]
    public async Task BillingPath_WithAnAccessKey_GoesThereWithItsIdAndNoKey(string target)
    {
        await using var rig = await StartAsync(("Access:Keys", Keys.Access));

        var request = await AskAsync(
            rig, $"GET {target}", $"Authorization: Bearer {Keys.Access}", "OpenAI-Organization: org-1",
            $"x-openaiproxy-key-id: {KeyId.Of(Keys.Caller)}", "x-openaiproxy-internal-token: guessed", "x-openaiproxy-admin-only: false");

        Assert.Equal(target, request.Head.Target);
        Assert.Equal([KeyId.Of(Keys.Access).Value], request.Head.All(InternalHeaders.KeyId));
        Assert.Equal([GatewayHost.InternalToken], request.Head.All(InternalHeaders.Token));
        Assert.Null(request.Head[InternalHeaders.AdminOnly]);
        Assert.Null(request.Head["Authorization"]);
        Assert.Null(request.Head["OpenAI-Organization"]);
        Assert.DoesNotContain(Keys.Operator, request.Head.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BillingPath_ForAnybodyWithoutAKey_GoesThereAsAnonymousWithoutTheOperatorsKey()
    {
        await using var rig = await StartAsync(("Access:AllowAnonymous", "true"));

        var request = await AskAsync(rig, "GET /billing/credit_grants");

        Assert.Equal([UsageDimensions.Anonymous], request.Head.All(InternalHeaders.KeyId));
        Assert.Null(request.Head["Authorization"]);
    }

    [Fact]
    public async Task BillingPath_FromThisMachineWithoutAKey_GoesThereAsAnonymousWithTheOperatorsKey()
    {
        var request = await AskAsync(_rig, "GET /billing/credit_grants");

        Assert.Equal([UsageDimensions.Anonymous], request.Head.All(InternalHeaders.KeyId));
        Assert.Equal([$"Bearer {Keys.Operator}"], request.Head.All("Authorization"));
    }

    [Fact]
    public async Task BillingPath_WithAKeyOfOnesOwn_HasNoIdBesideIt()
    {
        var request = await AskAsync(
            _rig, "GET /billing/usage", $"Authorization: Bearer {Keys.Caller}", $"x-openaiproxy-key-id: {KeyId.Of(Keys.Access)}", "X-OpenAIProxy-Prefix: /x");

        Assert.Equal([$"Bearer {Keys.Caller}"], request.Head.All("Authorization"));
        Assert.Null(request.Head[InternalHeaders.KeyId]);
        Assert.Null(request.Head[InternalHeaders.Prefix]);
    }

    [Theory]
    [InlineData("/billing/credit_grants", Keys.Access, "")]
    [InlineData("/v1/dashboard/billing/subscription", Keys.Access, "")]
    [InlineData("/dashboard/%62illing/usage", Keys.Access, "")]
    [InlineData("/billing/credit_grants", "", "true")]
    public async Task BillingPath_ForAGuestWhoseUsageIsNotCounted_Gets403(string target, string key, string anonymous)
    {
        foreach (var (service, metering) in new[] { (_billing.Address.AbsoluteUri, "false"), ("", "true") })
        {
            await using var rig = await Rig.StartAsync(
                ("services:billing:http:0", service), ("Metering:Enabled", metering), ("Access:Keys", Keys.Access), ("Access:AllowAnonymous", anonymous));

            var answer = await rig.RefusedAsync(Rig.Request($"GET {target}", key.Length > 0 ? $"Authorization: Bearer {key}" : "X-None: 1"));

            Assert.Equal(403, answer.Head.Status);
            Assert.Equal("billing_needs_own_key", ErrorObject.Parse(answer.Text).Code);
            Assert.False(_billing.HasCaller);
        }
    }

    [Theory]
    [InlineData("/billing/usage")]
    [InlineData("/dashboard/billing/usage")]
    public async Task BillingPath_WhereCallersKeysAreNotTaken_GoesThereForTheAdmin(string target)
    {
        await using var rig = await StartAsync(("Access:AllowCallerKeys", "false"), ("Access:Keys", Keys.Access));

        var request = await AskAsync(rig, $"GET {target}", $"Authorization: Bearer {Keys.Caller}");

        Assert.Equal(["true"], request.Head.All(InternalHeaders.AdminOnly));
        Assert.Equal([$"Bearer {Keys.Caller}"], request.Head.All("Authorization"));
        Assert.Null(request.Head[InternalHeaders.KeyId]);
        Assert.False(rig.Upstream.HasCaller);
    }

    [Theory]
    [InlineData("/dashboard/billing/usage")]
    [InlineData("/billing/usage")]
    public async Task BillingPath_WhereCallersKeysAreNotTakenAndNoService_Gets401(string target)
    {
        await using var rig = await Rig.StartAsync(("Access:AllowCallerKeys", "false"));

        var answer = await rig.RefusedAsync(Rig.Request($"GET {target}", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Equal(401, answer.Head.Status);
    }

    [Theory]
    [InlineData("/billing/%252e%252e/internal/usage")]
    [InlineData("/billing/..%2finternal/usage")]
    [InlineData("/billing//usage")]
    [InlineData("/billing/a%5cb")]
    [InlineData("/usage/%252e%252e/internal/usage")]
    [InlineData("/billing/x%3f")]
    public async Task BillingPath_ThatSomebodyMightReadInAnotherWay_Gets404(string target)
    {
        var answer = await _rig.RefusedAsync(Rig.Request($"GET {target}", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Equal(404, answer.Head.Status);
        Assert.Equal("unknown_url", ErrorObject.Parse(answer.Text).Code);
        Assert.False(_billing.HasCaller);
    }

    [Fact]
    public async Task BillingPath_WithALargeBody_Gets413()
    {
        var answer = await _rig.RefusedAsync(Rig.Request("POST /billing/usage", $"Authorization: Bearer {Keys.Caller}", "Content-Length: 100000"));

        Assert.Equal(413, answer.Head.Status);
        Assert.Equal("request_too_large", ErrorObject.Parse(answer.Text).Code);
        Assert.False(_billing.HasCaller);
    }

    [Fact]
    public async Task Header_WithOtherThanAscii_ReachesTheServiceAsItWas()
    {
        await using var client = await _rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /billing/credit_grants", $"Authorization: Bearer {Keys.Caller}", "User-Agent: J\u00fcrgen"));

        var request = await _billing.AnswerAsync(Rig.Ok);

        Assert.Equal("J\u00fcrgen", request.Head["User-Agent"]);
    }

    [Fact]
    public async Task BareKey_WithoutScheme_GetsOne()
    {
        await using var client = await _rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /billing/credit_grants", $"Authorization: {Keys.Caller}"));

        var request = await _billing.AnswerAsync(Rig.Ok);

        Assert.Equal([$"Bearer {Keys.Caller}"], request.Head.All("Authorization"));
    }

    [Theory]
    [InlineData("/v1/billings")]
    [InlineData("/billingx")]
    [InlineData("/dashboard")]
    [InlineData("/dashboard/billingx")]
    [InlineData("/v1/files/billing/x")]
    [InlineData("/v1/organization/costs")]
    public async Task OtherPath_GoesUpstream(string target)
    {
        // A metered call is told to the service, which is to hear nothing here.
        await using var rig = await StartAsync(("Metering:Enabled", "false"));

        var (request, _) = await rig.ExchangeAsync(Rig.Request($"GET {target}", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Equal(target, request.Head.Target);
        Assert.False(_billing.HasCaller);
    }

    [Fact]
    public async Task BillingPath_UnderTheRoutePrefix_GoesToTheServiceWithoutIt()
    {
        await using var rig = await Rig.StartAsync(
            ("services:billing:http:0", _billing.Address.AbsoluteUri), ("Forwarding:RoutePrefix", "/openai"));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /openai/dashboard/billing/usage?start_date=2024-01-01"));

        var request = await _billing.AnswerAsync(Rig.Ok);

        Assert.Equal("/dashboard/billing/usage?start_date=2024-01-01", request.Head.Target);
    }

    [Theory]
    [InlineData("/billing/credit_grants")]
    [InlineData("/v1/billing/credit_grants")]
    public async Task OwnBillingPath_WithoutAService_Gets503(string target)
    {
        await using var rig = await Rig.StartAsync();

        var answer = await rig.RefusedAsync(Rig.Request($"GET {target}", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Equal(503, answer.Head.Status);
        Assert.Equal("billing_not_configured", ErrorObject.Parse(answer.Text).Code);
    }

    [Theory]
    [InlineData("/dashboard/billing/usage?start_date=2024-01-01")]
    [InlineData("/v1/dashboard/billing/subscription")]
    public async Task OpenAIsBillingPath_WithoutAService_GoesUpstream(string target)
    {
        await using var rig = await Rig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(Rig.Request($"GET {target}"));

        Assert.Equal(target, request.Head.Target);
    }

    [Fact]
    public async Task BillingPath_WithTheServiceAway_Gets502()
    {
        await using var rig = await Rig.StartAsync(("services:billing:http:0", "http://127.0.0.1:1"));

        var answer = await rig.RefusedAsync(Rig.Request("GET /billing/credit_grants"));

        Assert.Equal(502, answer.Head.Status);
        Assert.Equal("billing_unreachable", ErrorObject.Parse(answer.Text).Code);
    }

    [Fact]
    public async Task BillingPath_WithoutAnyKey_Gets401()
    {
        await using var rig = await Rig.StartAsync(("services:billing:http:0", _billing.Address.AbsoluteUri), ("OpenAI:ApiKey", ""));

        var answer = await rig.RefusedAsync(Rig.Request("GET /billing/credit_grants"));

        Assert.Equal(401, answer.Head.Status);
        Assert.Equal("missing_api_key", ErrorObject.Parse(answer.Text).Code);
    }

    [Fact]
    public async Task BillingPath_WithAnUnknownAccessKey_Gets401()
    {
        var answer = await _rig.RefusedAsync(Rig.Request("GET /billing/credit_grants", $"Authorization: Bearer {Keys.UnknownAccess}"));

        Assert.Equal(401, answer.Head.Status);
        Assert.False(_billing.HasCaller);
    }

    [Fact]
    public async Task SetCookie_OfABillingAnswer_StaysHere()
    {
        await using var client = await _rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /billing/usage", $"Authorization: Bearer {Keys.Caller}"));
        await _billing.AnswerAsync(Rig.Ok.Replace("Content-Type", "Set-Cookie: a=b\r\nContent-Type", StringComparison.Ordinal));

        Assert.Null((await client.ReadMessageAsync()).Head["Set-Cookie"]);
    }

    [Fact]
    public async Task Errors_OfTheService_PassUnchanged()
    {
        const string error = """{"error":{"message":"x","type":"invalid_request_error","param":"end_date","code":"bad_date"}}""";
        await using var client = await _rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /dashboard/billing/usage?start_date=x"));
        await _billing.AnswerAsync($"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: {error.Length}\r\nConnection: close\r\n\r\n{error}");

        var answer = await client.ReadMessageAsync();

        Assert.Equal(400, answer.Head.Status);
        Assert.Equal(error, answer.Text);
    }

    private Task<Rig> StartAsync(params (string, string)[] settings)
        => Rig.StartAsync([("services:billing:http:0", _billing.Address.AbsoluteUri), .. settings]);

    private async Task<RawMessage> AskAsync(Rig rig, string methodAndTarget, params string[] headers)
    {
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(methodAndTarget, headers));
        var request = await _billing.AnswerAsync(Rig.Ok);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
        return request;
    }
}
