namespace OpenAIProxy.Gateway.Tests.Access;

/// <summary>A caller's own key leaves where it came, the operator's where the upstream wants it, and nothing else that may be a key leaves at all.</summary>
public sealed class KeyPlaceTests() : RigTest(("Access:Keys", Keys.Access))
{
    private static readonly string[] Places = ["Authorization", "api-key", "x-api-key"];

    [Theory]
    [InlineData("Authorization: Bearer ", "Authorization")]
    [InlineData("api-key: ", "api-key")]
    [InlineData("API-Key:   ", "api-key")]
    [InlineData("x-api-key: ", "x-api-key")]
    public async Task CallersKey_InAHeader_LeavesInThatHeader(string line, string name)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models", line + Keys.Caller));

        Assert.Equal([name], Places.Where(p => request.Head[p] is not null));
        Assert.EndsWith(Keys.Caller, Assert.Single(request.Head.All(name)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/models?api-key=" + Keys.Caller)]
    [InlineData("/v1/models?a=%20&api-key=" + Keys.Caller + "&b=//")]
    [InlineData("/v1/models?API%2Dkey=%73k-caller-T3BlbkFJcallersecret")]
    public async Task CallersKey_InTheQuery_LeavesThere(string target)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request($"GET {target}", "Authorization: Basic dXNlcjpwYXNz"));

        Assert.Equal(target, request.Head.Target);
        Assert.DoesNotContain(Places, p => request.Head[p] is not null);
    }

    [Theory]
    [InlineData("/v1/models?api-key=" + Keys.Access, "/v1/models")]
    [InlineData("/v1/models?api-key=" + Keys.Access + "&x=1&x=2", "/v1/models?x=1&x=2")]
    [InlineData("/v1/models?x=%41&Api-Key=" + Keys.Access + "&y", "/v1/models?x=%41&y")]
    [InlineData("/v1/models?x=1;api%2Dkey=" + Keys.Access, "/v1/models?x=1")]
    [InlineData("/v1/models?api-key=" + Keys.Access + "&api-key=" + Keys.Caller, "/v1/models")]
    [InlineData("/v1/models?api-key=&api-key=fk%2Dteam-alpha-accesssecret", "/v1/models")]
    [InlineData("/v1/models?api-keys=1&xapi-key=2&api-key=" + Keys.Access, "/v1/models?api-keys=1&xapi-key=2")]
    public async Task AccessKey_InTheQuery_IsReplacedAndStaysHere(string target, string expected)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request($"GET {target}"));

        Assert.Equal(expected, request.Head.Target);
        Assert.Equal([$"Bearer {Keys.Operator}"], request.Head.All("Authorization"));
        await LoggedAsync();
        Assert.Empty(Rig.Gateway.Logs.Find("accesssecret"));
    }

    [Theory]
    [InlineData("x-api-key: " + Keys.Access)]
    [InlineData("api-key: " + Keys.Access, "x-api-key: " + Keys.Caller)]
    [InlineData("Authorization: Basic dXNlcjpwYXNz", "api-key: " + Keys.Access)]
    [InlineData("Authorization: Digest username=\"u\"", "x-api-key: " + Keys.Access)]
    [InlineData("Authorization: Basic dXNlcjpwYXNz", "Authorization: Bearer " + Keys.Access)]
    public async Task AccessKey_BesideOtherCredentials_Counts(params string[] lines)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models", lines));

        Assert.Equal([$"Bearer {Keys.Operator}"], request.Head.All("Authorization"));
        Assert.Null(request.Head["api-key"]);
        Assert.Null(request.Head["x-api-key"]);
        Assert.DoesNotContain("dXNlcjpwYXNz", request.Head.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallersKey_BesideAPassword_LeavesAlone()
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request("GET /v1/models", "Authorization: Basic dXNlcjpwYXNz", $"api-key: {Keys.Caller}"));

        Assert.Null(request.Head["Authorization"]);
        Assert.Equal([Keys.Caller], request.Head.All("api-key"));
    }

    [Theory]
    [InlineData($"x-api-key: {Keys.Access}")]
    [InlineData($"api-key: {Keys.Access}")]
    public async Task CallersKey_BesideAnother_LeavesAlone(string other)
    {
        var (request, _) = await Rig.ExchangeAsync(
            Rig.Request($"GET /v1/models?api-key={Keys.Access}&x=1", $"Authorization: Bearer {Keys.Caller}", other));

        Assert.Equal("/v1/models?x=1", request.Head.Target);
        Assert.DoesNotContain("accesssecret", request.Head.Text, StringComparison.Ordinal);
        Assert.Equal([$"Bearer {Keys.Caller}"], request.Head.All("Authorization"));
    }

    [Theory]
    [InlineData("Authorization: Basic dXNlcjpwYXNz")]
    [InlineData("Authorization: Negotiate abc")]
    public async Task Password_WithoutAKey_IsNone(string line)
    {
        var answer = await Rig.RefusedAsync(Rig.Request("GET /v1/models", line));

        Assert.Equal(401, answer.Head.Status);
        Assert.Equal("missing_api_key", ErrorObject.Parse(answer.Text).Code);
    }

    [Theory]
    [InlineData("GET /v1/models?api-key=" + Keys.UnknownAccess)]
    [InlineData("GET /billing/usage?api-key=" + Keys.UnknownAccess)]
    public async Task AccessKey_UnknownInTheQuery_Gets401AndIsNotLogged(string methodAndTarget)
    {
        var answer = await Rig.RefusedAsync(Rig.Request(methodAndTarget));

        Assert.Equal("invalid_api_key", ErrorObject.Parse(answer.Text).Code);
        await LoggedAsync();
        Assert.Empty(Rig.Gateway.Logs.Find("unknownsecret"));
    }

    [Fact]
    public async Task AccessKey_InABillingQuery_StaysHere()
    {
        await using var billing = new RawUpstream();
        await using var rig = await Rig.StartAsync(("Access:Keys", Keys.Access), ("services:billing:http:0", billing.Address.AbsoluteUri));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request($"GET /billing/usage?group_by=day&api-key={Keys.Access}", "Authorization: Basic c2VjcmV0"));

        var request = await billing.AnswerAsync(Rig.Ok);

        Assert.Equal("/billing/usage?group_by=day", request.Head.Target);
        Assert.DoesNotContain("accesssecret", request.Head.Text, StringComparison.Ordinal);
        Assert.Null(request.Head["Authorization"]);
    }

    // The line about a request is written after its answer has gone.
    private Task LoggedAsync() => HangGuard.Until(
        () => Rig.Gateway.Logs.Entries.Any(e => e.Category.EndsWith(".GatewayPipeline", StringComparison.Ordinal)), "the log line");
}
