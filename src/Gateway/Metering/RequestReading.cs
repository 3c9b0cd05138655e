using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.Usage.IncludeUsage;
using OpenAIProxy.Usage.Requests;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>Looks at a request's body on its way, and finds where usage is to be asked for, if the client doesn't say.</summary>
/// <param name="call">Whose facts are filled.</param>
/// <param name="path">The path of the request, at which usage may turn out not to be asked for.</param>
/// <param name="scan">What looks; null if what the body says doesn't matter.</param>
internal sealed class RequestReading(MeteredCall call, PathString path, BodyScan? scan) : BodyObserver
{
    private BodyScan? _scan = scan;
    private volatile bool _isUnderWay = true;
    private volatile bool _isRead;

    /// <summary>True while what matters of the body is not known.</summary>
    public bool IsUnderWay => _isUnderWay;

    /// <summary>True once all of the body has passed.</summary>
    public bool IsRead => _isRead;

    public override bool HoldsBody => call.Endpoint.ReadsRequest;

    public override bool MayInsert => _scan is RequestScan { MayAsk: true };

    /// <summary>What looks at the body of a request.</summary>
    public static RequestReading Of(HttpRequest request, MeteredCall call)
    {
        if (!call.Endpoint.ReadsRequest || request.Headers.ContentEncoding.Count > 0)
        {
            return new RequestReading(call, request.Path, null);
        }

        var contentType = request.ContentType ?? "";
        if (contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            return new RequestReading(call, request.Path, FormScan.For(call.Facts, contentType));
        }

        var ask = call.Meters.MayAsk(request.Path) && UsageOption.MayAskAt(call.Endpoint);
        var scan = new RequestScan(call.Facts, ask, countInput: call.Endpoint.Kind == MeterKind.Speech, readTools: call.Endpoint.Kind == MeterKind.Response);
        return new RequestReading(call, request.Path, scan);
    }

    public override void Observe(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _scan?.Scan(bytes);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _scan = null;
            call.GiveUp(e);
        }
    }

    public override Insertion? Decide(bool isWhole)
    {
        if (isWhole || _scan is null)
        {
            _isUnderWay = false;
        }

        if (!isWhole || (_scan as RequestScan)?.Splice is not { } splice)
        {
            return null;
        }

        call.Facts.AskedForUsage = true;
        return new Insertion((int)splice.At, splice.Replaced, splice.Text);
    }

    // The request goes out again as the client wrote it, so usage in its answer is usage that the client asked for: nothing is taken out.
    public override void InsertionTakenOut() => call.Facts.AskedForUsage = false;

    public override void InsertionRefused() => call.Meters.Support.Refused(path);

    public override void Passed()
    {
        _isUnderWay = false;
        _isRead = true;
        call.Begin();
    }
}
