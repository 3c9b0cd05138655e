using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>
/// Connections that haven't sent a byte. Kestrel gives them its keep-alive timeout; here they have <c>Listen:HeadTimeout</c>, and are closed
/// first when there are too many.
/// </summary>
internal sealed class SilentConnections(TimeSpan limit, TimeProvider time)
{
    private readonly LinkedList<CancellationTokenSource> _silent = new();

    /// <summary>Waits for the first byte, and leaves it where it is.</summary>
    /// <returns>False if none comes: the connection is to be closed.</returns>
    public async ValueTask<bool> SpeaksAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        if (input.TryRead(out var ready))
        {
            return Leave(input, ready);
        }

        var stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var silence = new CancellationTokenSource(limit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, silence.Token);
        var place = Add(end);
        try
        {
            return Leave(input, await input.ReadAsync(end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            return false;
        }
        finally
        {
            Remove(place);
        }
    }

    /// <summary>Closes the one that has been silent for longest. False if there is none.</summary>
    public bool TryCloseOldest()
    {
        CancellationTokenSource end;
        lock (_silent)
        {
            if (_silent.First is not { } oldest)
            {
                return false;
            }

            end = oldest.Value;
            _silent.Remove(oldest);
        }

        try
        {
            end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just sent its first byte, or was closed.
            return false;
        }

        return true;
    }

    private static bool Leave(PipeReader input, ReadResult read)
    {
        // Nothing is consumed: the next reader gets it at once.
        input.AdvanceTo(read.Buffer.Start);
        return !read.Buffer.IsEmpty;
    }

    private LinkedListNode<CancellationTokenSource> Add(CancellationTokenSource end)
    {
        lock (_silent)
        {
            return _silent.AddLast(end);
        }
    }

    private void Remove(LinkedListNode<CancellationTokenSource> place)
    {
        lock (_silent)
        {
            if (place.List is not null)
            {
                _silent.Remove(place);
            }
        }
    }
}
