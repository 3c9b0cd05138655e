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
        await using var client = await _rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /billing/credit_grants", line));

        var request = await _billing.AnswerAsync(Rig.Ok);

        Assert.Equal([$"Bearer {key}"], request.Head.All("Authorization"));
    }

    [Theory]
    [InlineData("/billing/credit_grants", Keys.Access, "")]
    [InlineData("/v1/dashboard/billing/subscription", Keys.Access, "")]
    [InlineData("/Dashboard/Billing/Usage", Keys.Access, "")]
    [InlineData("/dashboard/%62illing/usage", Keys.Access, "")]
    [InlineData("/v1/x/../dashboard/billing/usage", Keys.Access, "")]
    [InlineData("/billing/credit_grants", "", "true")]
    public async Task BillingPath_ForAGuestOfTheOperator_Gets403(string target, string key, string anonymous)
    {
        foreach (var service in new[] { _billing.Address.AbsoluteUri, "" })
        {
            await using var rig = await Rig.StartAsync(
                ("services:billing:http:0", service), ("Access:Keys", Keys.Access), ("Access:AllowAnonymous", anonymous));

            var answer = await rig.RefusedAsync(Rig.Request($"GET {target}", key.Length > 0 ? $"Authorization: Bearer {key}" : "X-None: 1"));

            Assert.Equal(403, answer.Head.Status);
            Assert.Equal("billing_needs_own_key", ErrorObject.Parse(answer.Text).Code);
            Assert.False(_billing.HasCaller);
        }
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
        var (request, _) = await _rig.ExchangeAsync(Rig.Request($"GET {target}"));

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
}
