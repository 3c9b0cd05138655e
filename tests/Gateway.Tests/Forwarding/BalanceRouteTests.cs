using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary><c>GET /v1/usage</c>: an access key's holder is told by the ledger, everybody else by whom the key is of.</summary>
public sealed class BalanceRouteTests : IAsyncLifetime
{
    private const string AccessKey = "fk-team-alpha";

    private readonly RawUpstream _billing = new();
    private Rig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await Rig.StartAsync(
        ("services:billing:http:0", _billing.Address.AbsoluteUri), ("FORWARD_KEY", AccessKey), ("ROUTE_PREFIX", "/openai"));

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _billing.DisposeAsync();
    }

    [Theory]
    [InlineData("GET /v1/usage", "Authorization: Bearer " + AccessKey)]
    [InlineData("GET /openai/v1/usage", "Authorization: Bearer " + AccessKey)]
    [InlineData("GET /v1/usage", "api-key: " + AccessKey)]
    [InlineData("HEAD /v1/usage", "Authorization: Bearer " + AccessKey)]
    public async Task Usage_WithAnAccessKey_GoesToTheLedger(string request, string key)
    {
        await using var client = await _rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(request, key));
        var asked = await _billing.AnswerAsync(Rig.Ok);
        var answer = await client.ReadMessageAsync(noBody: request.StartsWith("HEAD", StringComparison.Ordinal));

        Assert.Equal("/v1/usage", asked.Head.Target);
        Assert.Equal(KeyId.Of(AccessKey).Value, asked.Head[InternalHeaders.KeyId]);
        Assert.Null(asked.Head["Authorization"]);
        Assert.Equal(200, answer.Head.Status);
        Assert.False(_rig.Upstream.HasCaller);
    }

    [Fact]
    public async Task Usage_WithACallersOwnKey_GoesUpstream()
    {
        var (request, answer) = await _rig.ExchangeAsync(Rig.Request("GET /v1/usage?date=2026-03-15", $"Authorization: Bearer {Keys.Caller}"));

        Assert.Equal("/v1/usage?date=2026-03-15", request.Head.Target);
        Assert.Equal($"Bearer {Keys.Caller}", request.Head["Authorization"]);
        Assert.Equal(200, answer.Head.Status);
        Assert.False(_billing.HasCaller);
    }
}
