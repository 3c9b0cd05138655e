using System.Net;
using System.Net.Sockets;

namespace OpenAIProxy.ServiceDefaults.Http;

/// <summary>
/// Connects to a host by whichever of its addresses answers first (RFC 8305, "Happy Eyeballs"). The runtime tries one after the other: an
/// address that swallows what is sent to it takes all the time that connecting may take.
/// </summary>
/// <param name="resolve">Finds the addresses of a host.</param>
/// <param name="time">What tells when the next address joins in.</param>
public sealed class RacedConnect(Func<string, CancellationToken, Task<IPAddress[]>> resolve, TimeProvider time)
{
    /// <summary>After this time without an answer the next address joins in (RFC 8305, section 8).</summary>
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    /// <summary>By the system's resolver.</summary>
    public static RacedConnect Default { get; } = new(Dns.GetHostAddressesAsync, TimeProvider.System);

    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>; behind a proxy it is the proxy that is connected to.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var address) ? [address] : await resolve(host, cancellationToken);
        return new NetworkStream(await ConnectAsync(addresses, port, cancellationToken), ownsSocket: true);
    }

    private Task<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken) => addresses.Length switch
    {
        0 => throw new SocketException((int)SocketError.HostNotFound),
        1 => ConnectOneAsync(addresses[0], port, cancellationToken),
        _ => RaceAsync(Interleave(addresses), port, cancellationToken),
    };

    /// <summary>The addresses in the system's order (RFC 6724), but the families in turn: mostly all of one family are down, or none.</summary>
    internal static List<IPAddress> Interleave(IReadOnlyList<IPAddress> addresses)
    {
        var first = new Queue<IPAddress>(addresses.Where(a => a.AddressFamily == addresses[0].AddressFamily));
        var second = new Queue<IPAddress>(addresses.Where(a => a.AddressFamily != addresses[0].AddressFamily));
        var mixed = new List<IPAddress>(addresses.Count);
        while (mixed.Count < addresses.Count)
        {
            if (first.TryDequeue(out var one))
            {
                mixed.Add(one);
            }

            if (second.TryDequeue(out var other))
            {
                mixed.Add(other);
            }
        }

        return mixed;
    }

    private async Task<Socket> RaceAsync(List<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        using var race = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Socket>>(addresses.Count);
        Exception? failure = null;
        var next = 0;
        try
        {
            while (true)
            {
                if (next < addresses.Count)
                {
                    running.Add(ConnectOneAsync(addresses[next++], port, race.Token));
                }

                var ended = await AnyAsync(running, next < addresses.Count, race.Token);
                cancellationToken.ThrowIfCancellationRequested();
                if (ended is null)
                {
                    continue;
                }

                running.Remove(ended);
                if (ended.IsCompletedSuccessfully)
                {
                    return await ended;
                }

                failure ??= ended.Exception?.InnerException ?? new SocketException((int)SocketError.ConnectionAborted);
                if (running.Count == 0 && next == addresses.Count)
                {
                    throw failure;
                }
            }
        }
        finally
        {
            await race.CancelAsync();
            foreach (var loser in running)
            {
                _ = DropAsync(loser);
            }
        }
    }

    /// <summary>The next attempt that has ended; null if it is time for one more.</summary>
    private async Task<Task<Socket>?> AnyAsync(List<Task<Socket>> running, bool hasMore, CancellationToken cancellationToken)
    {
        if (!hasMore)
        {
            return await Task.WhenAny(running);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var turn = Task.Delay(Stagger, time, stop.Token);
        var ended = await Task.WhenAny([turn, .. running]);
        await stop.CancelAsync();
        return ended as Task<Socket>;
    }

    private static async Task<Socket> ConnectOneAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A model may think for minutes without a byte; NAT tables and firewalls forget a silent connection much sooner.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            // HttpConnectionPool asks for it behind the callback, where a connection that was reset meanwhile throws what nobody takes for a failed
            // connect. It is kept once it was read: here it fails as one.
            // https://github.com/dotnet/runtime/blob/v10.0.0/src/libraries/System.Net.Http/src/System/Net/Http/SocketsHttpHandler/ConnectionPool/HttpConnectionPool.cs
            _ = socket.RemoteEndPoint;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // It may have connected while another one was faster.
    private static async Task DropAsync(Task<Socket> loser)
    {
        await ((Task)loser).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loser.IsCompletedSuccessfully)
        {
            (await loser).Dispose();
        }
    }
}
