using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>What fails in the gateway itself is neither the caller's fault nor silent.</summary>
public sealed class OwnFailureTests
{
    [Theory]
    [InlineData(MeteredRig.Chat)]
    [InlineData("POST /v1/files")]
    public async Task Failure_WhileTheBodyIsRead_IsTheGatewaysAndLogged(string target)
    {
        await using var upstream = new RawUpstream();
        var journal = new TestJournal();
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address,
            builder =>
            {
                MeteredRig.Replace(builder.Services, journal);
                builder.Services.AddSingleton<IStartupFilter>(new BrokenBodies());
            },
            [("OpenAI:ApiKey", Keys.Operator), .. MeteredRig.Settings]);
        await using var client = await gateway.ConnectAsync();

        await client.SendAsync(MeteredRig.Post(target, "{}"));

        var answer = await client.ReadMessageAsync();
        Assert.Equal((500, "internal_error"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        Assert.Contains(nameof(InvalidOperationException),
            Assert.Single(gateway.Logs.Find("A request failed in the gateway"), e => e.Level is LogLevel.Error).Text, StringComparison.Ordinal);
        var record = Assert.Single(await journal.WaitAsync(1));
        Assert.Equal((500, true, false), (record.Status, record.IsError, record.IsCut));
        Assert.False(upstream.HasCaller);
    }

    [Fact]
    public async Task Failure_WhileTheRequestIsMade_IsTheGatewaysAndNothingWasHeard()
    {
        await using var upstream = new RawUpstream();
        var observer = new BrokenObserver();
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address,
            builder => builder.Services.Replace(ServiceDescriptor.Singleton<CallObservers>(new BrokenObservers(observer))), [("OpenAI:ApiKey", Keys.Operator)]);
        await using var client = await gateway.ConnectAsync();

        await client.SendAsync(Rig.Request("GET /v1/models"));

        var answer = await client.ReadMessageAsync();
        Assert.Equal((500, "internal_error"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        Assert.Equal((500, false), observer.Failure);
        Assert.Single(gateway.Logs.Find("A request failed in the gateway"), e => e.Level is LogLevel.Error);
        Assert.Empty(gateway.Logs.Find("a caller's words"));
        Assert.False(upstream.HasCaller);
    }

    private sealed class BrokenObservers(CallObserver observer) : CallObservers
    {
        public override CallObserver Start(HttpContext context, Caller caller, RequestPath path, bool isUpgrade) => observer;
    }

    private sealed class BrokenObserver : CallObserver
    {
        public (int Status, bool WasHeard)? Failure { get; private set; }

        public override void SendingHead(IHeaderDictionary headers, HttpRequestMessage message) => throw new InvalidOperationException("a caller's words");

        public override void Failed(int status, bool wasHeard) => Failure = (status, wasHeard);
    }

    private sealed class BrokenBodies : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, gateway) =>
            {
                context.Request.Body = new BrokenStream();
                return gateway(context);
            });
            next(app);
        };
    }

    private sealed class BrokenStream : AsyncStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new InvalidOperationException();
    }
}
