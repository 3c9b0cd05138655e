using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Models;

/// <summary>Judges the models that a client's messages over a WebSocket name, one message after another.</summary>
/// <param name="isAllowed">Judges a name.</param>
/// <param name="kind">The kind of the session.</param>
internal sealed class MessageModelScan(Func<string, bool> isAllowed, MeterKind kind) : JsonModelScan(isAllowed, ModelShapes.Message)
{
    private bool _starts;

    // A response over a socket names its model; a Live session names it once. A Realtime session has that of its opening.
    public override bool IsRequired => _starts;

    protected override bool TakesSession => kind == MeterKind.Live;

    public override void Reset()
    {
        base.Reset();
        _starts = false;
    }

    protected override void OnType(ReadOnlySpan<byte> type) => _starts |= kind switch
    {
        MeterKind.ResponseSocket => type.SequenceEqual("response.create"u8),
        MeterKind.Live => type.SequenceEqual("session.start"u8),
        _ => false,
    };
}
