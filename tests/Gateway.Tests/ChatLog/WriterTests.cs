using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.ChatLog.Files;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>What writes the lines goes on after any failure, and does not hold up the end of the gateway.</summary>
public sealed class WriterTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-chatlog-");
    private readonly RawUpstream _upstream = new();
    private GatewayHost? _gateway;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        await _upstream.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task LineWithoutMemory_IsLost_AndTheNextIsWritten()
    {
        var writes = 0;
        var gateway = await StartAsync(TimeProvider.System, () =>
        {
            if (++writes == 1)
            {
                // One that a program may throw.
                throw new InsufficientMemoryException();
            }
        });
        using var dropped = new DroppedLines(gateway);

        await ChatAsync();
        await ChatAsync();

        await HangGuard.Until(() => Written().Contains('\n', StringComparison.Ordinal), "the second line is written");
        Assert.Equal((1, 1), (dropped.Count, Written().Count(c => c == '\n')));
        Assert.Contains("InsufficientMemoryException", Assert.Single(gateway.Logs.Find("The chat log lost a line")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DiskThatHangs_HoldsUpTheStopForSomeSeconds_AndWhatWaitsIsCounted()
    {
        var time = new FakeTimeProvider();
        using var hangs = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        var gateway = await StartAsync(time, () =>
        {
            hangs.Set();
            goesOn.Wait(HangGuard.Limit);
        });
        using var dropped = new DroppedLines(gateway);
        await ChatAsync();
        await HangGuard.Until(() => hangs.IsSet, "the first line is being written");
        await ChatAsync();
        await ChatAsync();

        var stop = gateway.StopAsync();
        await HangGuard.Until(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(100));
                return stop.IsCompleted;
            },
            "the gateway stops");

        await stop;
        Assert.Equal(2, dropped.Count);
        Assert.Single(gateway.Logs.Find("The chat log lost a line (the gateway stopped)"));
        goesOn.Set();
    }

    private async Task<GatewayHost> StartAsync(TimeProvider time, Action write)
        => _gateway = await GatewayHost.StartAsync(
            _upstream.Address,
            builder =>
            {
                builder.Services.AddSingleton(time);
                builder.Services.AddSingleton(s => new ChatLogFile(s.GetRequiredService<ChatLogFolder>(), 1_000_000, new HookedTime(write)));
            },
            ("OpenAI:ApiKey", Keys.Operator), ("ChatLog:Directory", _folder.FullName));

    private string Written() => string.Concat(_folder.GetFiles("*.jsonl").Select(file => ChatLogRig.ReadShared(file.FullName)));

    private async Task ChatAsync()
    {
        await using var client = await _gateway!.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, """{"model":"m"}"""));
        var received = client.ReadMessageAsync(noBody: false);
        await _upstream.AnswerAsync(MeteredRig.Answer("{}"));
        Assert.Equal(200, (await received).Head.Status);
    }
}
