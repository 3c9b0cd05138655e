using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>A client that has left costs nothing more: the upstream sees the end of its request at once.</summary>
public class ClientAbortTests : RigTest
{
    public ClientAbortTests()
    {
    }

    protected ClientAbortTests(bool isMetered, params (string, string)[] settings)
        : base(isMetered, settings)
    {
    }

    private const string Call = "POST /v1/chat/completions";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_LeavingBeforeTheHead_EndsTheUpstreamRequest(bool reset)
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(Call, "Content-Length: 2") + "{}");
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();

        await LeaveAsync(client, reset);

        await connection.WaitForEndAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_LeavingInTheMiddleOfAStream_EndsTheUpstreamRequest(bool reset)
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(Call, "Content-Length: 2") + "{}");
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        await connection.SendChunkAsync("data: 1\n\n");
        await client.ReadHeadAsync();
        await client.ReadChunkAsync();

        await LeaveAsync(client, reset);

        await connection.WaitForEndAsync();
    }

    [Theory]
    [InlineData("Content-Length: 1000000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Client_LeavingDuringAnUpload_LeavesUpstreamWithoutAWholeRequest(string framing)
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", framing) + "5\r\nhello\r\n");
        await using var connection = await Rig.Upstream.AcceptAsync();
        var head = await connection.ReadHeadAsync();

        client.Reset();

        Assert.NotEqual(RawEnd.Complete, (await connection.ReadBodyAsync(head)).End);
    }

    [Fact]
    public async Task Client_ClosingItsSideDuringAnUpload_LeavesUpstreamWithoutAWholeRequest()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", "Content-Length: 1000000") + "hello");
        await using var connection = await Rig.Upstream.AcceptAsync();
        var head = await connection.ReadHeadAsync();

        client.HalfClose();

        Assert.NotEqual(RawEnd.Complete, (await connection.ReadBodyAsync(head)).End);
    }

    [Fact]
    public async Task Client_LeavingAThousandTimes_LeavesNoUpstreamRequestOpen()
    {
        var open = 0;
        var seen = 0;
        await using var upstream = await AppUpstream.StartAsync(async context =>
        {
            Interlocked.Increment(ref open);
            Interlocked.Increment(ref seen);
            try
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync("data: 1\n\n");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        });
        await using var gateway = await GatewayHost.StartAsync(upstream.Address, ("OpenAI:ApiKey", Keys.Operator));

        await Parallel.ForAsync(0, 1000, new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (_, _) =>
        {
            await using var client = await gateway.ConnectAsync();
            await client.SendAsync(Rig.Request(Call, "Content-Length: 2") + "{}");
            await client.ReadHeadAsync();
            Assert.Equal("data: 1\n\n", Encoding.ASCII.GetString(await client.ReadChunkAsync()));
            client.Reset();
        });

        Assert.Equal(1000, seen);
        await HangGuard.Until(() => Volatile.Read(ref open) == 0, $"the last of {open} upstream requests ends");
    }

    [Fact]
    public async Task Client_ThatLeft_IsNoWarning()
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request(Call, "Content-Length: 2") + "{}");
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        client.Reset();
        await connection.WaitForEndAsync();

        await HangGuard.Until(() => Rig.Gateway.Logs.Find("/v1/chat/completions")
            .Any(e => e.Category.StartsWith("OpenAIProxy", StringComparison.Ordinal)), "the request's log line");
        Assert.DoesNotContain(Rig.Gateway.Logs.Entries, e => e.Level >= LogLevel.Warning && !e.TellsOfABusyMachine);
    }

    private static async Task LeaveAsync(RawConnection client, bool reset)
    {
        if (reset)
        {
            client.Reset();
        }
        else
        {
            await client.DisposeAsync();
        }
    }
}
