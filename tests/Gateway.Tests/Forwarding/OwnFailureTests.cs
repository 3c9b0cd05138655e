using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Gateway.Forwarding.Streams;
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
        Assert.Contains(nameof(InvalidOperationException), Assert.Single(gateway.Logs.Find("A request failed in the gateway"), e => e.Level is LogLevel.Error).Text, StringComparison.Ordinal);
        var record = Assert.Single(await journal.WaitAsync(1));
        Assert.Equal((500, true, false), (record.Status, record.IsError, record.IsCut));
        Assert.False(upstream.HasCaller);
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
