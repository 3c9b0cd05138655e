using System.Text.Json;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Requests;

namespace OpenAIProxy.Gateway.Metering.Requests;

/// <summary>Looks at a request's body on its way, and finds where usage is to be asked for, if the client doesn't say.</summary>
/// <param name="call">Whose facts are filled.</param>
/// <param name="path">The path of the request, at which usage may turn out not to be asked for.</param>
/// <param name="scan">What looks; null if what the body says doesn't matter.</param>
/// <param name="asks">True if usage may be asked for in the client's place.</param>
internal sealed class RequestReading(MeteredCall call, PathString path, BodyScan? scan, bool asks) : BodyObserver
{
    private BodyScan? _scan = scan;
    private bool _asks = asks;
    private Insertion? _insertion;
    private bool _isTwice;
    private volatile bool _isUnderWay = true;
    private volatile bool _isRead;

    /// <summary>True while what matters of the body is not known.</summary>
    public bool IsUnderWay => _isUnderWay;

    /// <summary>True once all of the body has passed.</summary>
    public bool IsRead => _isRead;

    public override bool HoldsBody => call.Endpoint.ReadsRequest;

    public override bool MayInsert => _asks && (_insertion is not null || _scan is JsonScan { MayAsk: true });

    /// <summary>What looks at the body of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="call">Whose facts are filled.</param>
    public static RequestReading Of(HttpRequest request, MeteredCall call)
    {
        if (!call.Endpoint.ReadsRequest || request.Headers.ContentEncoding.Count > 0)
        {
            return new RequestReading(call, request.Path, null, asks: false);
        }

        var contentType = request.ContentType ?? "";
        if (contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            return new RequestReading(call, request.Path, FormScan.For(call.Facts, contentType), asks: false);
        }

        // Azure's "on your data" knows no stream_options at all.
        var ask = call.Meters.MayAsk(request.Path) && call.Endpoint.Kind is MeterKind.Completion && !call.Endpoint.Path.StartsWith("/extensions/", StringComparison.Ordinal);
        var scan = new JsonScan(
            call.Facts, ask, countInput: call.Endpoint.Kind == MeterKind.Speech, canReplace: true, readTools: call.Endpoint.Kind == MeterKind.Response);
        return new RequestReading(call, request.Path, scan, ask);
    }

    public override void Observe(ReadOnlySpan<byte> bytes, int position)
    {
        if (_scan is null)
        {
            return;
        }

        try
        {
            for (var i = 0; i < bytes.Length;)
            {
                i += _scan.Scan(bytes[i..], out var text);
                if (!text.IsEmpty && _asks)
                {
                    // stream_options stands there twice: which one counts, only the upstream knows.
                    _isTwice = _insertion is not null;
                    var replaced = ((JsonScan)_scan).Replaced;
                    _insertion = new Insertion(position + i - replaced, replaced, text.ToArray());
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _scan = null;
            _asks = false;
            call.GiveUp(e);
        }

        if (!_asks)
        {
            call.Facts.AskedForUsage = false;
        }
    }

    public override Insertion? Decide(KeptBytes? whole)
    {
        if (whole is not null || _scan is null)
        {
            _isUnderWay = false;
        }

        _asks = _asks && whole is not null && _insertion is not null && !_isTwice && call.Facts is { Stream: true, AskedForUsage: true } && IsJson(whole);
        call.Facts.AskedForUsage = _asks;
        return _asks ? _insertion : null;
    }

    // What the answer says of usage is the client's then.
    public override void InsertionTakenOut() => call.Facts.AskedForUsage = false;

    public override void InsertionRefused() => call.Meters.Support.Refused(path);

    public override void Passed()
    {
        _isUnderWay = false;
        _isRead = true;
        call.Begin();
    }

    private static bool IsJson(KeptBytes body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.All(), new JsonReaderOptions { MaxDepth = 512 });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
