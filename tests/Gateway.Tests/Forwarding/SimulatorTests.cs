using System.Net;
using System.Text;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>What OpenAI's API looks like through the gateway, with the simulator behind it.</summary>
public sealed class SimulatorTests : IAsyncLifetime
{
    private SimulatorHost _simulator = null!;
    private GatewayHost _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync();
        _gateway = await GatewayHost.StartAsync(_simulator.Address, ("OpenAI:ApiKey", Keys.Operator));
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("crlf")]
    [InlineData("cr")]
    [InlineData("no-final-blank")]
    [InlineData("comments")]
    [InlineData("split-utf8")]
    [InlineData("one-byte")]
    [InlineData("crlf,one-byte,comments")]
    public async Task Stream_OfEveryShape_EndsAndIsWhole(string shape)
    {
        using var answer = await StreamAsync(("x-sim-sse", shape));
        var text = await answer.Content.ReadAsStringAsync().Guarded();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("[DONE]", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', text);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("eof")]
    public async Task Stream_ThatBreaks_IsBrokenForTheClient(string fault)
    {
        HttpStatusCode? status = null;
        var failure = await Record.ExceptionAsync(async () =>
        {
            using var answer = await StreamAsync(("x-sim-fault", fault));
            status = answer.StatusCode;
            await answer.Content.ReadAsStringAsync().Guarded();
        });

        // On a busy machine the cut may overtake the head: then an error is as true as a cut.
        Assert.True(failure is HttpRequestException || (failure is null && status is HttpStatusCode.BadGateway), $"{status}: {failure}");
    }

    [Theory]
    [InlineData("no-done")]
    [InlineData("error-event")]
    [InlineData("error-200")]
    public async Task Stream_ThatOnlyTellsOfAFailure_EndsAsUpstreamEndedIt(string fault)
    {
        using var answer = await StreamAsync(("x-sim-fault", fault));
        var text = await answer.Content.ReadAsStringAsync().Guarded();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEmpty(text);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_LeavingAHangingStream_IsSeenByUpstream()
    {
        using (var answer = await StreamAsync(("x-sim-fault", "hang"), ("x-sim-record", "left")))
        {
            await (await answer.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[1]).Guarded();
        }

        using var limit = new CancellationTokenSource(HangGuard.Limit);
        Assert.True((await _simulator.Recorder.WaitAsync("left", r => r.Aborted, limit.Token)).Aborted);
    }

    [Fact]
    public async Task Client_LeavingBeforeAnyHead_IsSeenByUpstream()
    {
        using var leave = new CancellationTokenSource();
        using var request = Request(("x-sim-hang", "head"), ("x-sim-record", "left"));
        var call = _gateway.Client.SendAsync(request, leave.Token);
        using var limit = new CancellationTokenSource(HangGuard.Limit);
        await _simulator.Recorder.WaitAsync("left", _ => true, limit.Token);

        await leave.CancelAsync();

        Assert.True((await _simulator.Recorder.WaitAsync("left", r => r.Aborted, limit.Token)).Aborted);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(429, "")]
    [InlineData(500, "html")]
    [InlineData(503, "empty")]
    public async Task Error_OnAStreamRequest_KeepsItsStatusAndBody(int status, string body)
    {
        (string, string)[] headers = [("x-sim-status", $"{status}"), .. body.Length > 0 ? [("x-sim-error-body", body)] : Array.Empty<(string, string)>()];
        using var through = await StreamAsync(headers);
        using var direct = new HttpClient { BaseAddress = _simulator.Address };
        using var request = Request([.. headers, ("Authorization", $"Bearer {Keys.Operator}")]);
        using var plain = await direct.SendAsync(request);

        Assert.Equal(status, (int)through.StatusCode);
        Assert.Equal(plain.Content.Headers.ContentType, through.Content.Headers.ContentType);
        Assert.Equal(await plain.Content.ReadAsStringAsync(), await through.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Gateways_TwoInFrontOfOneUpstream_NeedNothingFromEachOther()
    {
        await using var second = await GatewayHost.StartAsync(_simulator.Address, ("OpenAI:ApiKey", Keys.Operator));

        var both = await Task.WhenAll(_gateway.Client.GetStringAsync("/v1/models"), second.Client.GetStringAsync("/v1/models"));

        Assert.Equal(both[0], both[1]);
    }

    private static HttpRequestMessage Request(params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return request;
    }

    private Task<HttpResponseMessage> StreamAsync(params (string Name, string Value)[] headers)
        => _gateway.Client.SendAsync(Request(headers), HttpCompletionOption.ResponseHeadersRead).Guarded();
}
