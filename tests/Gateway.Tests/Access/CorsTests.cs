namespace OpenAIProxy.Gateway.Tests.Access;

public sealed class CorsTests() : RigTest(("ACCESS_CONTROL_ALLOW_ORIGIN", "https://chat.example, http://localhost:3000"))
{
    private const string SdkHeaders = "authorization,content-type,openai-beta,x-stainless-arch,x-stainless-custom-poll-interval,"
        + "x-stainless-helper-method,x-stainless-lang,x-stainless-os,x-stainless-package-version,x-stainless-poll-helper,"
        + "x-stainless-retry-count,x-stainless-runtime,x-stainless-runtime-version,x-stainless-timeout";

    private static readonly string[] Exposed =
    [
        "x-request-id", "openai-processing-ms", "retry-after", "retry-after-ms",
        "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens", "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens",
        "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens", "x-openaiproxy-cache", "x-openaiproxy-source",
    ];

    [Theory]
    [InlineData("https://chat.example", "POST", "/v1/chat/completions")]
    [InlineData("http://localhost:3000", "DELETE", "/v1/files/a%2Fb?x=1")]
    [InlineData("https://chat.example", "GET", "/billing/credit_grants")]
    public async Task Preflight_WithAllSdkHeaders_IsAnsweredWithoutAKey(string origin, string method, string target)
    {
        var answer = await Rig.RefusedAsync(Preflight(target, origin, method));

        Assert.Equal(204, answer.Head.Status);
        Assert.Equal([origin], answer.Head.All("Access-Control-Allow-Origin"));
        Assert.Contains(method, answer.Head["Access-Control-Allow-Methods"]!, StringComparison.Ordinal);
        var allowed = answer.Head["Access-Control-Allow-Headers"]!.Split(',', StringSplitOptions.TrimEntries);
        Assert.Superset(SdkHeaders.Split(',').ToHashSet(), allowed.ToHashSet());
        Assert.Contains("Origin", answer.Head["Vary"], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Access-Control-Request-Headers", answer.Head["Vary"], StringComparison.OrdinalIgnoreCase);
        Assert.Null(answer.Head["Access-Control-Allow-Credentials"]);
    }

    [Fact]
    public async Task Preflight_WhereKeysAreNeeded_IsAnsweredWithoutOne()
    {
        await using var rig = await Rig.StartAsync(("Access:Keys", Keys.Access), ("Access:AllowedOrigins", "*"), ("Access:AllowCallerKeys", "false"));

        var answer = await rig.RefusedAsync(Preflight("/v1/responses", "https://any.example", "POST"));

        Assert.Equal(204, answer.Head.Status);
        Assert.True(answer.Head["Access-Control-Allow-Origin"] is "*" or "https://any.example");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://chat.example.evil.example")]
    [InlineData("http://chat.example")]
    [InlineData("https://chat.example:444")]
    [InlineData("null")]
    public async Task Preflight_FromAnotherOrigin_AllowsNothing(string origin)
    {
        var answer = await Rig.RefusedAsync(Preflight("/v1/chat/completions", origin, "POST"));

        Assert.Null(answer.Head["Access-Control-Allow-Origin"]);
        Assert.Null(answer.Head["Access-Control-Allow-Headers"]);
    }

    [Fact]
    public async Task Preflight_WhereNoOriginIsAllowed_GoesUpstreamAsAnyOptions()
    {
        await using var rig = await Rig.StartAsync(("OpenAI:ApiKey", ""));

        var (request, answer) = await rig.ExchangeAsync(
            Rig.Request("OPTIONS /v1/models", $"Authorization: Bearer {Keys.Caller}"),
            "HTTP/1.1 200 OK\r\nAllow: GET\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.Equal("OPTIONS", request.Head.Method);
        Assert.Equal("GET", answer.Head["Allow"]);
        Assert.Null(answer.Head["Access-Control-Allow-Origin"]);
    }

    [Fact]
    public async Task Options_WithoutOrigin_GoesUpstream()
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("OPTIONS /v1/models"));

        Assert.Equal("OPTIONS", request.Head.Method);
    }

    [Fact]
    public async Task Answer_ToAListedOrigin_HasOneAllowOriginAndExposesHeaders()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models", "Origin: https://chat.example"),
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Expose-Headers: x-upstream\r\nVary: Accept-Encoding\r\n"
            + "x-request-id: req_1\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

        Assert.Equal(["https://chat.example"], answer.Head.All("Access-Control-Allow-Origin"));
        var exposed = answer.Head["Access-Control-Expose-Headers"]!.Split(',', StringSplitOptions.TrimEntries);
        Assert.Superset(Exposed.ToHashSet(), exposed.ToHashSet());
        Assert.DoesNotContain("x-upstream", exposed);
        Assert.Contains("Origin", answer.Head["Vary"], StringComparison.Ordinal);
        Assert.Contains("Accept-Encoding", answer.Head["Vary"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ToAnotherOriginWithItsOwnKey_HasNoAllowOriginButVaries()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models", "Origin: https://evil.example", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Null(answer.Head["Access-Control-Allow-Origin"]);
        Assert.Contains("Origin", answer.Head["Vary"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_OfTheGatewayItself_CanBeReadByThePage()
    {
        var answer = await Rig.RefusedAsync(
            Rig.Request("GET /v1/models", "Origin: https://chat.example", $"Authorization: Bearer {Keys.UnknownAccess}"));

        Assert.Equal(401, answer.Head.Status);
        Assert.Equal(["https://chat.example"], answer.Head.All("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Error_OfTheForwarding_CanBeReadByThePage()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("POST /v1/models", "Origin: https://chat.example", "Content-Length: 2") + "{}", "no HTTP at all\r\n\r\n");

        Assert.Equal(502, answer.Head.Status);
        Assert.Equal(["https://chat.example"], answer.Head.All("Access-Control-Allow-Origin"));
        ErrorObject.Parse(answer.Text);
    }

    [Theory]
    [InlineData("/v1/models", "https://chat.example")]
    [InlineData("/v1/models", "null")]
    [InlineData("/billing/credit_grants", "https://chat.example")]
    public async Task Address_ThatIsDenied_CanReadWhy(string target, string origin)
    {
        await using var rig = await Rig.StartAsync(("Access:AllowedOrigins", "https://chat.example null"), ("Access:DeniedNetworks", "127.0.0.0/8"));

        var preflight = await rig.RefusedAsync(Preflight(target, origin, "GET"));
        var answer = await rig.RefusedAsync(Rig.Request($"GET {target}", $"Origin: {origin}"));

        Assert.Equal((204, origin), (preflight.Head.Status, preflight.Head["Access-Control-Allow-Origin"]));
        Assert.Equal((403, origin), (answer.Head.Status, answer.Head["Access-Control-Allow-Origin"]));
        Assert.Equal("ip_not_allowed", ErrorObject.Parse(answer.Text).Code);
    }

    [Theory]
    [InlineData("/v1/models", "https://evil.example")]
    [InlineData("/v1/models", "null")]
    [InlineData("/usage", "https://chat.example")]
    public async Task Address_ThatIsDenied_OfAnotherOriginOrForThePage_LearnsNothing(string target, string origin)
    {
        await using var rig = await Rig.StartAsync(("Access:AllowedOrigins", "https://chat.example"), ("Access:DeniedNetworks", "127.0.0.0/8"));

        var answer = await rig.RefusedAsync(Rig.Request($"GET {target}", $"Origin: {origin}"));

        Assert.Equal(403, answer.Head.Status);
        Assert.Null(answer.Head["Access-Control-Allow-Origin"]);
    }

    [Fact]
    public async Task Origin_Null_CanBeListed()
    {
        await using var rig = await Rig.StartAsync(("ACCESS_CONTROL_ALLOW_ORIGIN", "null"));

        var preflight = await rig.RefusedAsync(Preflight("/v1/models", "null", "GET"));
        var (_, answer) = await rig.ExchangeAsync(Rig.Request("GET /v1/models", "Origin: null"));

        Assert.Equal("null", preflight.Head["Access-Control-Allow-Origin"]);
        Assert.Equal((200, "null"), (answer.Head.Status, answer.Head["Access-Control-Allow-Origin"]));
    }

    private static string Preflight(string target, string origin, string method) => Rig.Request(
        $"OPTIONS {target}", $"Origin: {origin}", $"Access-Control-Request-Method: {method}", $"Access-Control-Request-Headers: {SdkHeaders}");

    [Theory]
    [InlineData("GET")]
    [InlineData("OPTIONS")]
    public async Task Origin_WithControlCharacters_IsNotEchoed(string method)
    {
        await using var rig = await Rig.StartAsync(("Access:AllowedOrigins", "*"), ("OpenAI:ApiKey", ""));

        var answer = await rig.RefusedAsync(Rig.Request($"{method} /v1/models", "Origin: http://a\u0001b", "Access-Control-Request-Method: GET"));

        Assert.Equal(method == "GET" ? 401 : 204, answer.Head.Status);
        Assert.Null(answer.Head["Access-Control-Allow-Origin"]);
    }
}
