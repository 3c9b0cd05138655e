using OpenAIProxy.Gateway.Metering.Decoding;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Decoding;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.IncludeUsage;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>What is observed of one answer: when its parts came, and, by its meter, what it used.</summary>
internal sealed class AnswerWatch(MeteredCall call, long length)
{
    /// <summary>Tokens between two notes of how far a stream is.</summary>
    private const int ProgressStep = 64;

    private AnswerMeter? _meter;
    private BodyDecoder? _decoder;
    private BodyDecoder? _clientDecoder;
    private long _left = length;
    private int _firstByte = -1;
    private int _firstToken = -1;
    private int _firstWord = -1;
    private int _noted;
    private bool _removesUsageChunk;
    private bool _isUnreadable;

    /// <summary>True if a meter looks at the body.</summary>
    public bool IsMetered => _meter is not null;

    /// <summary>The watch of the answer to <paramref name="call"/>, whose head is there.</summary>
    /// <param name="call">The call.</param>
    /// <param name="answer">The upstream's.</param>
    /// <param name="response">Ours, to be changed where the body will be; null if nobody waits for one.</param>
    public static AnswerWatch Of(MeteredCall call, HttpResponseMessage answer, HttpResponse? response)
    {
        var watch = new AnswerWatch(call, LengthOf(answer));
        if (call.LooksAtAnswer)
        {
            try
            {
                watch.Open(Header(answer, "Content-Type"), Header(answer, "Content-Encoding"), response);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                call.GiveUp(e);
            }
        }

        return watch;
    }

    /// <summary>The body as the client gets it.</summary>
    public Stream Decode(Stream upstream) => _clientDecoder is null ? upstream : new DecodedStream(upstream, _clientDecoder);

    /// <summary>What takes out of the body what only the gateway asked for; null if it asked for nothing.</summary>
    public UsageChunkFilter? CreateFilter() => _removesUsageChunk ? new UsageChunkFilter() : null;

    /// <summary>The next bytes of the body, before they go on to the client. True once nothing that follows matters.</summary>
    public bool Observe(ReadOnlySpan<byte> bytes)
    {
        if (_firstByte < 0)
        {
            _firstByte = call.Elapsed();
        }

        if (_meter is not null && !call.IsUnreadable && !_isUnreadable)
        {
            try
            {
                Measure(_meter, bytes);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                call.GiveUp(e);
            }
        }

        _left -= _left > 0 ? Math.Min(bytes.Length, _left) : 0;
        return _left == 0 || _meter is { IsOver: true };
    }

    /// <summary>What it used; null if no meter looks at it, or if that failed.</summary>
    public AnswerUsage? Finish(bool isWhole)
    {
        try
        {
            _meter?.Times = new AnswerTimes(_firstWord, call.Elapsed());
            var usage = _meter?.Finish(isWhole && !_isUnreadable);
            return usage is null || !_isUnreadable ? usage : OfBeginning(usage, isWhole);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            call.GiveUp(e);
            return null;
        }
    }

    /// <summary>
    /// When the first token came, in milliseconds; -1 if none did. An error has none, nor has what is free, nor a stream that was cut while
    /// it was thinking.
    /// </summary>
    public int FirstToken(bool isError, bool isCut)
    {
        if (_firstToken >= 0)
        {
            return _firstToken;
        }

        return isError || isCut || call.Endpoint.Kind is MeterKind.Free or MeterKind.Batch or MeterKind.Container ? -1 : _firstByte;
    }

    /// <summary>The call is over.</summary>
    public void Release()
    {
        _decoder?.Dispose();
        _meter = null;
        _decoder = null;
    }

    private void Open(string? contentType, string? encoding, HttpResponse? response)
    {
        _meter = AnswerMeters.Create(call.Endpoint.Kind, call.Facts, call.Status, contentType, call.Meters.BackgroundRequests, call.Owner);
        // Some servers name a stream something else, or nothing. Only what is JSON with a length is surely none.
        _removesUsageChunk = call.Facts.AskedForUsage && call.Status < 300 && (_left < 0 || !IsJson(contentType));
        if (BodyDecoder.IsEncoded(encoding, out var coding))
        {
            _decoder = BodyDecoder.For(coding, call.Time);
            if (_decoder is null)
            {
                call.MarkUnreadable();
                _removesUsageChunk = false;
            }
        }

        if (!_removesUsageChunk || response is null)
        {
            return;
        }

        response.ContentLength = null;
        if (_decoder is not null)
        {
            // It was told not to compress, and did. The chunk must come out, so the client gets the stream as it is without compression.
            _clientDecoder = _decoder;
            _decoder = null;
            _left = -1;
            response.Headers.Remove("Content-Encoding");
        }
    }

    private AnswerUsage OfBeginning(AnswerUsage seen, bool isWhole)
    {
        var isGood = call.Status < 300 && !seen.IsError;
        return new AnswerUsage(isGood ? UsageLines.OfBeginning(seen.Lines, call.Endpoint, call.Facts) : seen.Lines, seen.IsError, !isWhole);
    }

    private void Measure(AnswerMeter meter, ReadOnlySpan<byte> bytes)
    {
        if (_decoder is null)
        {
            meter.Observe(bytes);
        }
        else if (!_decoder.Feed(bytes, meter))
        {
            // The rest passes unlooked. Of an answer that can't be read at all nobody knows anything.
            _isUnreadable = _decoder.Decoded > 0;
            if (!_isUnreadable)
            {
                call.MarkUnreadable();
            }
        }

        var output = meter.OutputEstimate;
        if (_firstToken < 0 && output > 0)
        {
            _firstToken = call.Elapsed();
        }

        if (_firstWord < 0 && output > meter.ThoughtEstimate)
        {
            _firstWord = call.Elapsed();
        }

        if (output - _noted >= ProgressStep)
        {
            _noted = output;
            call.Progress(output);
        }
    }

    private static bool IsJson(string? contentType) => contentType is not null && contentType.Contains("json", StringComparison.OrdinalIgnoreCase);

    private static string? Header(HttpResponseMessage answer, string name)
        => answer.Content.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    // A length beside Transfer-Encoding may be a lie, and then the chunks count.
    private static long LengthOf(HttpResponseMessage answer)
        => !answer.Headers.NonValidated.Contains("Transfer-Encoding") && answer.Content.Headers.ContentLength is > 0 and var length ? length : -1;
}
