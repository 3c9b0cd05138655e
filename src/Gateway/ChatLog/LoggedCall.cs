using System.Diagnostics;
using OpenAIProxy.Gateway.ChatLog.Calls;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Bodies;
using OpenAIProxy.Gateway.Metering;

namespace OpenAIProxy.Gateway.ChatLog;

/// <summary>One call of which request and answer are copied, beside another who observes it. Nothing here throws.</summary>
/// <param name="inner">The other, who is told of every step, too.</param>
/// <param name="log">Takes the call when it is over.</param>
/// <param name="head">What is known of it.</param>
/// <param name="clientLeft">Fires when the client leaves.</param>
internal sealed class LoggedCall(CallObserver inner, LoggedCalls log, LoggedHead head, CancellationToken clientLeft) : WrappedCall(inner)
{
    private readonly long _startedTicks = log.Time.GetTimestamp();
    private CapturedBody? _request;
    private CapturedBody? _answer;
    private volatile CallEnd _end;
    private long _length = -1;
    private int _status;
    private int _firstByte = -1;
    private bool _hasBody;
    private bool _isRefused;

    public override BodyObserver ObserveBody(HttpRequest request)
    {
        _request = log.Capture(BodyType.Of(request.ContentType, request.Headers.ContentEncoding));
        return new LoggedRequestBody(base.ObserveBody(request), _request);
    }

    // No model has said anything.
    public override void Refused()
    {
        _isRefused = true;
        base.Refused();
    }

    public override void Answered(HttpResponseMessage answer, HttpResponse response)
    {
        _status = (int)answer.StatusCode;
        _length = answer.Content.Headers.ContentLength ?? -1;
        _answer = log.Capture(BodyType.Of(Header(answer, "Content-Type"), Header(answer, "Content-Encoding")));
        base.Answered(answer, response);
    }

    // As it comes from the upstream: compressed, and with the usage that only the gateway asked for.
    public override Stream Tap(Stream upstream)
    {
        _hasBody = true;
        return base.Tap(new LoggedStream(upstream, this));
    }

    /// <summary>The next bytes of the answer; none at its end.</summary>
    public void Passed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            End(CallEnd.Complete);
            return;
        }

        if (_firstByte < 0)
        {
            _firstByte = Elapsed();
        }

        _answer!.Append(bytes);
    }

    /// <summary>The answer can't be read on.</summary>
    public void AnswerBroke() => End(clientLeft.IsCancellationRequested ? CallEnd.ClientLeft : CallEnd.UpstreamBroke);

    public override void Failed(int status, bool wasHeard)
    {
        _status = status;
        End(status switch
        {
            < StatusCodes.Status500InternalServerError => CallEnd.ClientLeft,
            StatusCodes.Status500InternalServerError => CallEnd.GatewayFailed,
            _ => CallEnd.UpstreamBroke,
        });
        base.Failed(status, wasHeard);
    }

    public override void Closed(Activity? span)
    {
        // The id is certain only then.
        base.Closed(span);
        _request?.Close();
        _answer?.Close();
        if (_isRefused)
        {
            return;
        }

        // If nobody has read it to its end, it may have been there all the same.
        End(_answer is { } answer && (!_hasBody || answer.Total == _length) ? CallEnd.Complete : CallEnd.ClientLeft);
        log.Add(new LoggedEntry(head, Id == Guid.Empty ? CallId.Next(head.Started) : Id, _status, Elapsed(), _firstByte, _end, _request, _answer));
    }

    private void End(CallEnd end)
    {
        if (_end == CallEnd.Open)
        {
            _end = end;
        }
    }

    private int Elapsed() => (int)Math.Min(log.Time.GetElapsedTime(_startedTicks).TotalMilliseconds, int.MaxValue);

    private static string? Header(HttpResponseMessage answer, string name)
        => answer.Content.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
