using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding.Sockets;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.Models;

namespace OpenAIProxy.Gateway.Models;

/// <summary>Judges the models that a client's messages name. What isn't text can't be judged: servers may find JSON in it.</summary>
/// <param name="models">The models that may be named.</param>
/// <param name="kind">The kind of the session.</param>
internal sealed class ModelJudge(ModelList models, MeterKind kind) : SocketJudge
{
    private readonly MessageModelScan _scan = new(models.Allows, kind);

    public override void Read(ReadOnlySpan<byte> payload) => _scan.Scan(payload);

    public override ValueTask<SocketRefusal?> JudgeAsync(MessageKind kind, CancellationToken cancellationToken)
    {
        _scan.Finish();
        var fault = kind == MessageKind.Text ? _scan.Fault : ModelFault.Unreadable;
        Drop();
        return new(ModelRefusals.Of(fault) is { } refusal ? new SocketRefusal(refusal) : null);
    }

    public override void Drop() => _scan.Reset();
}
