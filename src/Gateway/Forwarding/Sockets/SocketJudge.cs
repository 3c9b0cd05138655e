namespace OpenAIProxy.Gateway.Forwarding.Sockets;

/// <summary>Judges each message that a client sends over one WebSocket, before it goes on. One message after another.</summary>
internal abstract class SocketJudge
{
    /// <summary>Both judge; null for none. The second is asked only about what the first lets pass, so what counts comes second.</summary>
    public static SocketJudge? Of(SocketJudge? first, SocketJudge? second)
        => first is null || second is null ? first ?? second : new Two(first, second);

    /// <summary>Reads the next bytes of a message, unmasked, cut anywhere.</summary>
    public abstract void Read(ReadOnlySpan<byte> payload);

    /// <summary>The message is whole. Why it goes no further; null if it does. It may wait here for its turn, and all behind it wait, too.</summary>
    public abstract ValueTask<SocketRefusal?> JudgeAsync(MessageKind kind, CancellationToken cancellationToken);

    /// <summary>The message goes no further, and is not judged: what was read of it is forgotten.</summary>
    public abstract void Drop();

    private sealed class Two(SocketJudge first, SocketJudge second) : SocketJudge
    {
        public override void Read(ReadOnlySpan<byte> payload)
        {
            first.Read(payload);
            second.Read(payload);
        }

        public override async ValueTask<SocketRefusal?> JudgeAsync(MessageKind kind, CancellationToken cancellationToken)
        {
            if (await first.JudgeAsync(kind, cancellationToken) is not { } refusal)
            {
                return await second.JudgeAsync(kind, cancellationToken);
            }

            second.Drop();
            return refusal;
        }

        public override void Drop()
        {
            first.Drop();
            second.Drop();
        }
    }
}
