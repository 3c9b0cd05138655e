namespace OpenAIProxy.Gateway.Tests.Access;

/// <summary>Keys that the operator gives away stand for the operator's key and never leave the house.</summary>
public sealed class AccessKeyTests() : RigTest(("FORWARD_KEY", $"{Keys.Access} {Keys.SecondAccess}"))
{
    [Theory]
    [InlineData($"Authorization: Bearer {Keys.Access}")]
    [InlineData($"Authorization: Bearer {Keys.SecondAccess}")]
    [InlineData($"authorization: bearer   {Keys.Access}")]
    [InlineData($"Authorization: {Keys.Access}")]
    [InlineData($"api-key: {Keys.Access}")]
    public async Task AccessKey_Known_IsReplacedByTheOperatorsKey(string line)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models", line, "OpenAI-Organization: org-mine"));

        Assert.Equal([$"Bearer {Keys.Operator}"], request.Head.All("Authorization"));
        Assert.DoesNotContain("fk-", request.Head.Text, StringComparison.Ordinal);
        Assert.Null(request.Head["OpenAI-Organization"]);
    }

    [Theory]
    [InlineData($"ann:{Keys.Access}", Keys.Access, 200)]
    [InlineData($"张三:{Keys.Access},bob.b@example.com:{Keys.SecondAccess}", Keys.SecondAccess, 200)]
    [InlineData($"ann:{Keys.Access}", $"ann:{Keys.Access}", 401)]
    [InlineData("no-prefix-accesssecret", "no-prefix-accesssecret", 200)]
    public async Task AccessKey_WithAName_IsShownWithoutIt(string setting, string shown, int status)
    {
        await using var rig = await Rig.StartAsync(("FORWARD_KEY", setting), ("Access:AllowCallerKeys", "false"));
        var request = Rig.Request("GET /v1/models", $"Authorization: Bearer {shown}");

        Assert.Equal(status, status == 200 ? (await rig.ExchangeAsync(request)).Answer.Head.Status : (await rig.RefusedAsync(request)).Head.Status);
    }

    [Theory]
    [InlineData($"Authorization: Bearer {Keys.UnknownAccess}")]
    [InlineData($"Authorization: Bearer {Keys.Access}x")]
    [InlineData("Authorization: Bearer fk-")]
    [InlineData($"Authorization: {Keys.UnknownAccess}")]
    [InlineData($"api-key: {Keys.UnknownAccess}")]
    public async Task AccessKey_Unknown_Gets401AndIsNeverForwarded(string line)
    {
        var answer = await Rig.RefusedAsync(Rig.Request("GET /v1/models", line));

        Assert.Equal(401, answer.Head.Status);
        Assert.Equal("invalid_api_key", ErrorObject.Parse(answer.Text).Code);
        Assert.DoesNotContain(Keys.UnknownAccess, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"Authorization: Bearer ann:{Keys.Access}")]
    [InlineData($"x-api-key: somebody-else:{Keys.UnknownAccess}")]
    public async Task AccessKey_WithItsNameBeforeIt_Gets401ThatSaysSoAndIsNeverForwarded(string line)
    {
        var answer = await Rig.RefusedAsync(Rig.Request("GET /v1/models", line));

        Assert.Equal((401, "invalid_api_key"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        Assert.Contains("Send the key alone", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccessKey_UnknownAndVeryLong_Gets401()
    {
        var answer = await Rig.RefusedAsync(Rig.Request("GET /v1/models", $"Authorization: Bearer fk-{new string('x', 5000)}"));

        Assert.Equal(401, answer.Head.Status);
    }

    [Fact]
    public async Task AccessKey_UnknownWhereNoneAreConfigured_Gets401()
    {
        await using var rig = await Rig.StartAsync();

        var answer = await rig.RefusedAsync(Rig.Request("GET /v1/models", $"Authorization: Bearer {Keys.UnknownAccess}"));

        Assert.Equal("invalid_api_key", ErrorObject.Parse(answer.Text).Code);
    }

    [Fact]
    public async Task NoKey_WhereAccessKeysAreConfigured_Gets401()
    {
        var answer = await Rig.RefusedAsync(Rig.Request("GET /v1/models"));

        Assert.Equal(401, answer.Head.Status);
        Assert.Equal("missing_api_key", ErrorObject.Parse(answer.Text).Code);
    }

    [Fact]
    public async Task NoKey_WhereAnonymousUseIsAllowedBesideAccessKeys_UsesTheOperatorsKey()
    {
        await using var rig = await Rig.StartAsync(("Access:Keys", Keys.Access), ("Access:AllowAnonymous", "true"));

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models"));

        Assert.Equal($"Bearer {Keys.Operator}", request.Head["Authorization"]);
    }

    [Fact]
    public async Task AccessKey_OfAnyForm_Works()
    {
        await using var rig = await Rig.StartAsync(("Access:Keys:0", "our-own-word"), ("Access:Keys:1", "sk-looks-like-openai"));

        var (first, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models", "Authorization: Bearer our-own-word"));
        var (second, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models", "Authorization: Bearer sk-looks-like-openai"));

        Assert.Equal($"Bearer {Keys.Operator}", first.Head["Authorization"]);
        Assert.Equal($"Bearer {Keys.Operator}", second.Head["Authorization"]);
    }

    [Fact]
    public async Task CallersKey_BesideAccessKeys_TravelsAsItIs()
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Equal($"Bearer {Keys.Caller}", request.Head["Authorization"]);
    }
}
