using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Metering.Drain;
using OpenAIProxy.Gateway.Metering.Taps;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Decoding;
using OpenAIProxy.Usage.IncludeUsage;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>How the answer's body is watched.</summary>
internal sealed partial class MeteredCall
{
    private bool _takesExtraOut;
    private BodyDecoder? _clientDecoder;

    // True if the answer's body says what was used.
    private bool LooksAtAnswer => !endpoint.IsSocket && endpoint.Kind is not (MeterKind.Free or MeterKind.Unmetered);

    public override void Answered(HttpResponseMessage answer, HttpResponse response) => TakeHead(answer, response);

    /// <summary>The answer's head is there, and nobody waits for it.</summary>
    public void AnsweredNobody(HttpResponseMessage answer)
    {
        TakeHead(answer, null);
        UpstreamSpan.Answered(_span, _status);
    }

    private void TakeHead(HttpResponseMessage answer, HttpResponse? response)
    {
        Begin();
        _status = (int)answer.StatusCode;
        _left = LengthOf(answer);
        if (!LooksAtAnswer)
        {
            return;
        }

        try
        {
            var contentType = Header(answer, "Content-Type");
            var encoding = Header(answer, "Content-Encoding");
            _meter = AnswerMeters.Create(endpoint.Kind, facts, _status, contentType, meters.BackgroundRequests, Owner);
            // Some servers name a stream something else, or nothing. Only what is JSON with a length is surely none.
            _takesExtraOut = facts.AskedForUsage && _status < 300 && (_left < 0 || !IsJson(contentType));
            if (!BodyDecoder.IsEncoded(encoding, out var coding))
            {
                if (_takesExtraOut && response is not null)
                {
                    response.ContentLength = null;
                }

                return;
            }

            _decoder = BodyDecoder.For(coding);
            _isBlind = _decoder is null;
            _takesExtraOut &= !_isBlind;
            if (_takesExtraOut && response is not null)
            {
                // It was told not to compress, and did. The chunk must come out, so the client gets the stream as it is without compression.
                (_decoder, _clientDecoder, _left) = (null, _decoder, -1);
                response.ContentLength = null;
                response.Headers.Remove("Content-Encoding");
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            GiveUp(e);
        }
    }

    public override Stream Tap(Stream upstream)
    {
        var body = _clientDecoder is null ? upstream : new DecodedStream(upstream, _clientDecoder);
        var lasting = IsWorthDraining && _meter is not null ? new DrainableStream(body, this, meters.Drains, ClientLeft) : body;
        return new TapStream(lasting, this, _takesExtraOut ? new ExtraChunk() : null);
    }

    private static bool IsJson(string? contentType) => contentType is not null && contentType.Contains("json", StringComparison.OrdinalIgnoreCase);

    private static string? Header(HttpResponseMessage answer, string name)
        => answer.Content.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    // A length beside Transfer-Encoding may be a lie, and then the chunks count.
    private static long LengthOf(HttpResponseMessage answer)
        => !answer.Headers.NonValidated.Contains("Transfer-Encoding") && answer.Content.Headers.ContentLength is > 0 and var length ? length : -1;
}
