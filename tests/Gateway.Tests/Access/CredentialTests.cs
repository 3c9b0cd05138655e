using System.Net;

namespace OpenAIProxy.Gateway.Tests.Access;

/// <summary>Whose key travels upstream, and who gets none.</summary>
public sealed class CredentialTests
{
    [Fact]
    public async Task OperatorsKey_WithoutAnyInTheRequest_IsUsedOnLoopback()
    {
        await using var rig = await Rig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models"));

        Assert.Equal([$"Bearer {Keys.Operator}"], request.Head.All("Authorization"));
    }

    [Theory]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization:")]
    [InlineData("api-key:")]
    public async Task OperatorsKey_WithAnEmptyOneInTheRequest_IsUsed(string line)
    {
        await using var rig = await Rig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models", line));

        Assert.Equal([$"Bearer {Keys.Operator}"], request.Head.All("Authorization"));
    }

    [Fact]
    public async Task OperatorsKeys_WhenSeveral_AreUsedInTurn()
    {
        await using var rig = await Rig.StartAsync(("OpenAI:ApiKey", $"{Keys.Operator}, {Keys.SecondOperator}"));
        var seen = new List<string?>();
        for (var i = 0; i < 4; i++)
        {
            seen.Add((await rig.ExchangeAsync(Rig.Request("GET /v1/models"))).Request.Head["Authorization"]);
        }

        Assert.Equal(2, seen.Count(s => s == $"Bearer {Keys.Operator}"));
        Assert.Equal(2, seen.Count(s => s == $"Bearer {Keys.SecondOperator}"));
        Assert.NotEqual(seen[0], seen[1]);
    }

    [Theory]
    [InlineData("Authorization: Bearer ")]
    [InlineData("authorization: bearer ")]
    public async Task CallersKey_WinsOverTheOperators(string header)
    {
        await using var rig = await Rig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models", header + Keys.Caller));

        Assert.Equal($"Bearer {Keys.Caller}", Assert.Single(request.Head.All("Authorization")), ignoreCase: true);
    }

    [Theory]
    [InlineData("sess-0123456789")]
    [InlineData("sk-admin-0123456789")]
    [InlineData("ek_0123456789")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln")]
    [InlineData("anything at all")]
    public async Task CallersKey_OfAnyKind_TravelsAsItIs(string key)
    {
        await using var rig = await Rig.StartAsync(("OpenAI:ApiKey", ""));

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models", $"Authorization: Bearer {key}"));

        Assert.Equal([$"Bearer {key}"], request.Head.All("Authorization"));
    }

    [Fact]
    public async Task CallersKey_Of3000Characters_TravelsAsItIs()
    {
        var key = "sk-proj-" + new string('x', 3000);
        await using var rig = await Rig.StartAsync(("Access:Keys", Keys.Access));

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models", $"Authorization: Bearer {key}"));

        Assert.Equal([$"Bearer {key}"], request.Head.All("Authorization"));
    }

    [Fact]
    public async Task CallersKey_BesideAnApiKeyHeader_TravelsAlone()
    {
        await using var rig = await Rig.StartAsync();

        var (request, _) = await rig.ExchangeAsync(
            Rig.Request("GET /v1/models", $"api-key: {Keys.UnknownAccess}", $"Authorization: Bearer {Keys.Caller}"));

        Assert.DoesNotContain(Keys.UnknownAccess, request.Head.Text, StringComparison.Ordinal);
        Assert.Equal([$"Bearer {Keys.Caller}"], request.Head.All("Authorization"));
    }

    [Theory]
    [InlineData(Keys.Caller, Keys.Access)]
    [InlineData(Keys.Caller, Keys.UnknownAccess)]
    [InlineData(Keys.Access, Keys.Caller)]
    [InlineData(Keys.Caller, "sk-another")]
    public async Task Authorization_SentTwice_LetsNoUncheckedKeyTravel(string first, string second)
    {
        await using var rig = await Rig.StartAsync(("Access:Keys", Keys.Access));
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /v1/models", $"Authorization: Bearer {first}", $"Authorization: Bearer {second}"));
        var received = client.ReadMessageAsync();
        using var answered = new CancellationTokenSource();
        var accepted = rig.Upstream.AcceptAsync(answered.Token);

        if (await Task.WhenAny(accepted, received) == accepted)
        {
            var request = await RawUpstream.AnswerAsync(await accepted, Rig.Ok);
            Assert.DoesNotContain("fk-", request.Head.Text, StringComparison.Ordinal);
            Assert.Single(request.Head.All("Authorization"));
            Assert.DoesNotContain(second, request.Head["Authorization"]!, StringComparison.Ordinal);
        }
        else
        {
            await answered.CancelAsync();
            Assert.InRange((await received).Head.Status, 400, 401);
        }
    }

    [Fact]
    public async Task NoKeyAtAll_Gets401ThatSaysHowToSendOne()
    {
        await using var rig = await Rig.StartAsync(("OpenAI:ApiKey", ""));

        var answer = await rig.RefusedAsync(Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}");

        Assert.Equal(401, answer.Head.Status);
        var error = ErrorObject.Parse(answer.Text);
        Assert.Equal("missing_api_key", error.Code);
        Assert.Equal("invalid_request_error", error.Type);
        Assert.Contains("Authorization: Bearer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyInTheQueryUnderAnotherName_IsNoCredential()
    {
        await using var rig = await Rig.StartAsync(("OpenAI:ApiKey", ""));

        var answer = await rig.RefusedAsync(Rig.Request($"GET /v1/models?key={Keys.Caller}"));

        Assert.Equal(401, answer.Head.Status);
        Assert.Equal("missing_api_key", ErrorObject.Parse(answer.Text).Code);
        Assert.DoesNotContain(Keys.Caller, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallersKey_WhenForbidden_Gets401AndIsNotForwarded()
    {
        await using var rig = await Rig.StartAsync(("Access:AllowCallerKeys", "false"));

        var answer = await rig.RefusedAsync(Rig.Request("GET /v1/models", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Equal(401, answer.Head.Status);
        Assert.Equal("invalid_api_key", ErrorObject.Parse(answer.Text).Code);
        Assert.DoesNotContain(Keys.Caller, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeadRequest_WithoutKey_Gets401WithoutBody()
    {
        await using var gateway = await GatewayHost.StartAsync(new Uri("http://127.0.0.1:1"));

        using var answer = await gateway.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/models"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }
}
