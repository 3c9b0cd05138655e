using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

public sealed class Http2Tests
{
    private const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task Client_OverTls_SpeaksHttp2AndGetsEachEventAndTheTrailers()
    {
        using var folder = new TemporaryFolder();
        await using var rig = await Rig.StartAsync(
            ("urls", "https://127.0.0.1:0"), ("Kestrel:Certificates:Default:Path", SelfSignedCertificate.CreateFile(folder.Path)));

        await StreamAsync(rig);
    }

    [Fact]
    public async Task Client_OverTls_MaySpeakHttp11()
    {
        using var folder = new TemporaryFolder();
        await using var rig = await Rig.StartAsync(
            ("urls", "https://127.0.0.1:0"), ("Kestrel:Certificates:Default:Path", SelfSignedCertificate.CreateFile(folder.Path)));
        var call = rig.Client.GetAsync("/v1/models");
        await rig.Upstream.AnswerAsync(Rig.Ok);

        using var answer = await call;

        Assert.Equal(HttpVersion.Version11, answer.Version);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Client_InCleartext_SpeaksHttp2WhereItIsSwitchedOn()
    {
        await using var rig = await Rig.StartAsync(("Forwarding:CleartextHttp2", "true"));

        await StreamAsync(rig);
    }

    [Fact]
    public async Task Client_InCleartext_CannotSpeakHttp2ByDefault()
    {
        await using var rig = await Rig.StartAsync();
        using var client = rig.Gateway.CreateClient(HttpVersion.Version20);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/v1/models").Guarded());
        Assert.False(rig.Upstream.HasCaller);
    }

    [Fact]
    public async Task Client_LeavingOneOfTwoStreams_EndsThatUpstreamRequestOnly()
    {
        await using var rig = await Rig.StartAsync(("Forwarding:CleartextHttp2", "true"));
        using var client = rig.Gateway.CreateClient(HttpVersion.Version20);
        using var leave = new CancellationTokenSource();
        var staying = client.GetStringAsync("/v1/staying");
        await using var stays = await rig.Upstream.AcceptAsync();
        await stays.ReadMessageAsync();
        await stays.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nha");
        var leaving = client.GetStringAsync("/v1/leaving", leave.Token);
        await using var left = await rig.Upstream.AcceptAsync();
        await left.ReadMessageAsync();

        await leave.CancelAsync();

        await left.WaitForEndAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await stays.SendAsync("lf");
        Assert.Equal("half", await staying.Guarded());
    }

    [Fact]
    public async Task Stream_CutByUpstream_IsBrokenForTheHttp2Client()
    {
        await using var rig = await Rig.StartAsync(("Forwarding:CleartextHttp2", "true"));
        using var client = rig.Gateway.CreateClient(HttpVersion.Version20);
        var call = client.GetAsync("/v1/responses/resp_1", HttpCompletionOption.ResponseHeadersRead);
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead + "9\r\ndata: 1\n\n\r\n");
        using var answer = await call.Guarded();
        connection.Reset();

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync().Guarded());
    }

    [Fact]
    public async Task Target_OverHttp2_ReachesUpstreamByteForByte()
    {
        await using var rig = await Rig.StartAsync(("Forwarding:CleartextHttp2", "true"));
        using var client = rig.Gateway.CreateClient(HttpVersion.Version20);
        var options = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        const string target = "/v1/files/a%2Fb/%41/./../x?a=1&a=%20+";
        var call = client.GetAsync(new Uri(rig.Gateway.Address.GetLeftPart(UriPartial.Authority) + target, in options));

        var request = await rig.Upstream.AnswerAsync(Rig.Ok);

        Assert.Equal(target, request.Head.Target);
        Assert.Equal(rig.Upstream.Address.Authority, request.Head["Host"]);
        using var answer = await call;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Cookies_InSeveralHttp2Lines_AreNotForwarded()
    {
        await using var rig = await Rig.StartAsync(("Forwarding:CleartextHttp2", "true"));
        using var client = rig.Gateway.CreateClient(HttpVersion.Version20);
        using var message = new HttpRequestMessage(HttpMethod.Get, "/v1/models")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.Add("Cookie", "a=b; c=d");
        message.Headers.Add("TE", "trailers");
        var call = client.SendAsync(message);

        var request = await rig.Upstream.AnswerAsync(Rig.Ok);

        Assert.Null(request.Head["Cookie"]);
        Assert.Null(request.Head["TE"]);
        (await call).Dispose();
    }

    [Fact]
    public async Task Upstream_OverCleartextHttp2_StreamsAndBreaksAsOverHttp11()
    {
        var go = new TaskCompletionSource();
        await using var upstream = await AppUpstream.StartAsync(
            async context =>
            {
                Assert.Equal("HTTP/2", context.Request.Protocol);
                Assert.Equal("/v1/files/a%2Fb?x=%41", context.Features.Get<IHttpRequestFeature>()!.RawTarget);
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: 1\n\n");
                await context.Response.Body.FlushAsync();
                await go.Task.WaitAsync(context.RequestAborted);
                context.Abort();
            },
            HttpProtocols.Http2);
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address, ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:UpstreamHttpVersion", "2"));
        await using var client = await gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("GET /v1/files/a%2Fb?x=%41"));

        var head = await client.ReadHeadAsync();
        Assert.Equal(200, head.Status);
        Assert.Equal("data: 1\n\n", Encoding.ASCII.GetString(await client.ReadChunkAsync()));
        go.SetResult();

        Assert.NotEqual(RawEnd.Complete, (await client.ReadBodyAsync(head)).End);
    }

    private static async Task StreamAsync(Rig rig)
    {
        using var client = rig.Gateway.CreateClient(HttpVersion.Version20);
        using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("{}"),
        };
        var call = client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        await using var connection = await rig.Upstream.AcceptAsync();
        var request = await connection.ReadMessageAsync();
        Assert.Equal("{}", request.Text);
        await connection.SendAsync(StreamHead);
        using var answer = await call.Guarded();
        Assert.Equal(HttpVersion.Version20, answer.Version);
        await using var body = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[100];
        for (var i = 0; i < 3; i++)
        {
            await connection.SendChunkAsync("data: 1\n\n");
            Assert.Equal(9, await body.ReadAsync(buffer).Guarded());
        }

        await connection.SendAsync("0\r\nx-sum: 27\r\nx-sum-2: a\u00e4\r\n\r\n");
        Assert.Equal(0, await body.ReadAsync(buffer).Guarded());
        Assert.Equal(["27"], answer.TrailingHeaders.GetValues("x-sum"));
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("gateway-tests-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
