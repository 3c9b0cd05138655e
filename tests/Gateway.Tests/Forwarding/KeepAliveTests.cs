using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.Forwarding.Streams;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>An idle stream of events shows that it lives, between two events and nowhere else.</summary>
public sealed class KeepAliveTests
{
    private const string Comment = ": keepalive\n\n";
    private const string Chat = """{"model":"gpt-4o-mini","stream":true,"stream_options":{"include_usage":true},"messages":[]}""";
    private const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Event = "data: {\"model\":\"gpt-4o-mini\",\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n";
    private const string Usage = "data: {\"model\":\"gpt-4o-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":5}}\n\ndata: [DONE]\n\n";

    // A wait for a comment moves the clock by many beats on a busy machine.
    private static readonly (string, string) Patient = ("Forwarding:IdleTimeout", "1h");

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("")]
    [InlineData(Event)]
    [InlineData("data: 1\r\n\r\n")]
    [InlineData("data: 1\r\r")]
    [InlineData("event: x\ndata: 1\r\n\n")]
    [InlineData(": a comment of the upstream's\n\n")]
    public async Task IdleStream_BetweenEvents_GetsACommentEachTimeItIsDue(string sent)
    {
        await using var rig = await Rig.StartAsync(_time, Patient);
        await using var stream = await OpenAsync(rig, sent);

        for (var i = 0; i < 3; i++)
        {
            await stream.ExpectCommentAsync();
        }

        await stream.Upstream.SendChunkAsync("data: 2\n\n");
        Assert.Equal("data: 2\n\n", await stream.ReadAsync("data: 2\n\n".Length));
        await stream.ExpectCommentAsync();
        await stream.Upstream.SendChunkAsync("");
        Assert.Equal("", (await stream.RestAsync()).Replace(Comment, "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("data: {\"choices\":")]
    [InlineData("data: 1\n")]
    [InlineData("data: 1\r\n")]
    [InlineData("data: 1\r\n\r")]
    [InlineData("data: 1\n\nevent: x\n")]
    [InlineData("data: 1\n\n:")]
    public async Task IdleStream_WithinAnEvent_GetsNone(string sent)
    {
        await using var rig = await Rig.StartAsync(_time, Patient);
        await using var stream = await OpenAsync(rig, sent);

        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        await stream.Upstream.SendChunkAsync("\n\n");
        await stream.Upstream.SendChunkAsync("");
        Assert.Equal("\n\n", await stream.RestAsync());
    }

    [Theory]
    [InlineData("text/event-stream", "Content-Encoding: gzip\r\n")]
    [InlineData("text/plain", "")]
    [InlineData("application/json", "")]
    public async Task IdleAnswer_ThatIsNoPlainStreamOfEvents_GetsNone(string contentType, string header)
    {
        await using var rig = await Rig.StartAsync(_time, Patient);
        await using var stream = await OpenAsync(
            rig, "", $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\n{header}Transfer-Encoding: chunked\r\n\r\n");

        await BeatsNotAsync(stream);
    }

    [Fact]
    public async Task IdleStream_WithALength_GetsNone()
    {
        await using var rig = await Rig.StartAsync(_time, Patient);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Chat));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\n");
        var head = await client.ReadHeadAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        await connection.SendAsync("data: 1\n\n");

        Assert.Equal("data: 1\n\n", (await client.ReadBodyAsync(head)).Text);
    }

    [Fact]
    public async Task KeepAlive_OfZero_IsNone()
    {
        await using var rig = await Rig.StartAsync(_time, Patient, ("Forwarding:KeepAlive", "0"));
        await using var stream = await OpenAsync(rig, "");

        await BeatsNotAsync(stream);
    }

    [Fact]
    public async Task Stream_KeptAlive_IsStillCutWhenItIsIdleForTooLong()
    {
        await using var rig = await Rig.StartAsync(_time, ("Forwarding:IdleTimeout", "1m"));
        await using var stream = await OpenAsync(rig, Event);
        await stream.ExpectCommentAsync();

        var end = stream.Client.ReadRestAsync();
        await HangGuard.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(15));
                return end.IsCompleted;
            },
            "the stream is cut");

        Assert.DoesNotContain("0\r\n\r\n", Encoding.UTF8.GetString(await end).Replace(Comment, "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_WhoseCommentNobodyReads_IsCutAllTheSame()
    {
        await using var upstream = new RawUpstream();
        var stalled = new StalledComments();
        await using var gateway = await GatewayHost.StartAsync(
            upstream.Address,
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(_time);
                builder.Services.AddSingleton<IStartupFilter>(stalled);
            },
            ("OpenAI:ApiKey", Keys.Operator), ("Forwarding:IdleTimeout", "1h"));
        await using var client = await gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Chat));
        await using var connection = await upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await client.ReadHeadAsync();
        await HangGuard.Until(
            () =>
            {
                _time.Advance(stalled.IsWriting ? TimeSpan.Zero : TimeSpan.FromSeconds(15));
                return stalled.IsWriting;
            },
            "a comment is written");

        // What the upstream says now waits for the comment. Nobody outside sees when it does.
        await connection.SendChunkAsync(Event);
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        var end = client.ReadRestAsync();
        await HangGuard.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromMinutes(10));
                return end.IsCompleted;
            },
            "the stream is cut");
        Assert.Empty(await end);
    }

    [Fact]
    public async Task Stream_KeptAlive_IsMeteredAsIfItWerent()
    {
        await using var rig = await MeteredRig.StartAsync(_time, Patient);
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Chat.Replace(",\"stream_options\":{\"include_usage\":true}", "", StringComparison.Ordinal)));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(StreamHead);
        await using var stream = new Stream(_time, client, connection);
        await client.ReadHeadAsync();
        await stream.ExpectCommentAsync();
        await connection.SendChunkAsync(Event);
        Assert.Equal(Event, await stream.ReadAsync(Event.Length));
        await stream.ExpectCommentAsync();
        await connection.SendChunkAsync(Usage);
        await connection.SendChunkAsync("");

        // The chunk that only the gateway asked for is taken out, too.
        Assert.Equal("data: [DONE]\n\n", (await stream.RestAsync()).Replace(Comment, "", StringComparison.Ordinal));
        var record = (await rig.Journal.WaitAsync(1))[0];
        var line = Assert.Single(record.Lines);
        Assert.Equal((20, 5, false, false), (line.Counts.Input, line.Counts.Output, line.Estimated, record.IsCut));
    }

    [Fact]
    public async Task Client_ThatLeavesAnIdleStream_EndsIt()
    {
        await using var rig = await Rig.StartAsync(_time, Patient);
        await using var stream = await OpenAsync(rig, Event);
        await stream.ExpectCommentAsync();

        stream.Client.Reset();

        await stream.Upstream.WaitForEndAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        using var next = await rig.Gateway.Client.GetAsync("/health/live");
        Assert.True(next.IsSuccessStatusCode);
    }

    // What would have been written is there before what comes later.
    private async Task BeatsNotAsync(Stream stream)
    {
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(15));
            await Task.Yield();
        }

        await stream.Upstream.SendChunkAsync("x");
        await stream.Upstream.SendChunkAsync("");
        Assert.Equal("x", await stream.RestAsync());
    }

    private async Task<Stream> OpenAsync(Rig rig, string sent, string head = StreamHead)
    {
        var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Chat));
        var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync(head);
        var stream = new Stream(_time, client, connection);
        await client.ReadHeadAsync();
        if (sent.Length > 0)
        {
            await connection.SendChunkAsync(sent);
            Assert.Equal(sent, await stream.ReadAsync(sent.Length));
        }

        return stream;
    }

    /// <summary>A client that takes everything but comments: their writing ends with the connection.</summary>
    private sealed class StalledComments : IStartupFilter
    {
        private volatile bool _isWriting;

        public bool IsWriting => _isWriting;

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, gateway) =>
            {
                context.Response.Body = new Body(this, context.Response.Body, context.RequestAborted);
                return gateway(context);
            });
            next(app);
        };

        private sealed class Body(StalledComments owner, System.IO.Stream client, CancellationToken aborted) : AsyncStream
        {
            public override bool CanWrite => true;

            public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                if (buffer.Span.StartsWith(": keepalive"u8))
                {
                    owner._isWriting = true;
                    await Task.Delay(Timeout.Infinite, aborted);
                }

                await client.WriteAsync(buffer, cancellationToken);
            }

            public override Task FlushAsync(CancellationToken cancellationToken) => client.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Both ends of a stream through the gateway; what is read is without the chunks' frames.</summary>
    private sealed class Stream(FakeTimeProvider time, RawConnection client, RawConnection upstream) : IAsyncDisposable
    {
        private string _unread = "";

        public RawConnection Client => client;

        public RawConnection Upstream => upstream;

        // The clock may have been moved once more while a comment was on its way: behind it there may be another one.
        public async Task<string> ReadAsync(int count)
        {
            while (WithoutComments().Length < count)
            {
                _unread += Encoding.UTF8.GetString(await client.ReadChunkAsync());
            }

            return Take(count);
        }

        // Nobody outside sees when the gateway begins to wait, which may be after the clock was moved.
        public async Task ExpectCommentAsync()
        {
            var reading = ReadCommentAsync();
            await HangGuard.Until(
                () =>
                {
                    if (!reading.IsCompleted)
                    {
                        time.Advance(TimeSpan.FromSeconds(15));
                    }

                    return reading.IsCompleted;
                },
                "a comment is written");
            Assert.Equal(Comment, await reading);
        }

        public async Task<string> RestAsync()
        {
            byte[] chunk;
            do
            {
                chunk = await client.ReadChunkAsync();
                _unread += Encoding.UTF8.GetString(chunk);
            }
            while (chunk.Length > 0);
            return _unread;
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await upstream.DisposeAsync();
        }

        private string WithoutComments() => _unread = _unread.Replace(Comment, "", StringComparison.Ordinal);

        private async Task<string> ReadCommentAsync()
        {
            while (_unread.Length < Comment.Length)
            {
                _unread += Encoding.UTF8.GetString(await client.ReadChunkAsync());
            }

            return Take(Comment.Length);
        }

        private string Take(int count)
        {
            var text = _unread[..count];
            _unread = _unread[count..];
            return text;
        }
    }
}
