using System.Security.Cryptography;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Slow is not gone: no minimum rate cuts a client, and a client that stops reading stops the upstream, not the gateway's memory.</summary>
public sealed class SlowReaderTests : RigTest
{
    private const int Megabyte = 1024 * 1024;

    /// <summary>Longer than the grace period and the measuring interval of Kestrel's default rates together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(7);

    [Fact]
    public async Task Reader_ThatStops_HoldsUpstreamBackAndThenGetsAll()
    {
        const int total = 192 * Megabyte;
        await using var client = await RawConnection.ConnectAsync(Rig.Gateway.Address, receiveBufferBytes: 64 * 1024);
        await client.SendAsync(Rig.Request("GET /v1/files/file-1/content"));
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {total}\r\nConnection: close\r\n\r\n");
        var head = await client.ReadHeadAsync();
        var data = RandomNumberGenerator.GetBytes(Megabyte);
        var sent = 0;
        var sending = SendAllAsync();
        await Task.Delay(Pause);
        Assert.InRange(Volatile.Read(ref sent), 1, 64 * Megabyte);

        var answer = await client.ReadBodyAsync(head);
        await sending;

        Assert.Equal(total, answer.Body.Length);
        Assert.True(answer.Body.Chunk(Megabyte).All(c => c.AsSpan().SequenceEqual(data)));

        async Task SendAllAsync()
        {
            while (sent < total)
            {
                await connection.SendAsync(data);
                Interlocked.Add(ref sent, data.Length);
            }
        }
    }
}
