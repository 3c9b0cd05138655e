using Microsoft.AspNetCore.Http.Features;

namespace OpenAIProxy.Simulator.Recording;

/// <summary>Fills a <see cref="RecordedRequest"/> while its request goes on.</summary>
internal sealed class RequestCapture : IDisposable
{
    private readonly HttpContext _context;
    private readonly RequestRecorder _recorder;
    private readonly CapturedBody _body;
    private int _over;

    public RequestCapture(HttpContext context, RequestRecorder recorder)
    {
        _context = context;
        _recorder = recorder;
        var request = context.Request;
        Request = new RecordedRequest(
            request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            request.Protocol,
            [.. Pairs(request.Headers)]);
        _body = new CapturedBody(request.Body, Request, OnBodyRead);
        request.Body = _body;
    }

    public RecordedRequest Request { get; }

    /// <summary>True after <see cref="Complete"/> or <see cref="Abort"/>.</summary>
    public bool IsOver => Volatile.Read(ref _over) == 1;

    /// <summary>The answer was written.</summary>
    public void Complete()
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            Request.Completed = true;
            _recorder.Changed();
        }
    }

    /// <summary>The client left; nothing after <see cref="Complete"/>.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            Request.Aborted = true;
            _recorder.Changed();
        }
    }

    public void Dispose() => _body.Dispose();

    private static IEnumerable<KeyValuePair<string, string>> Pairs(IHeaderDictionary headers)
        => headers.SelectMany(h => h.Value.Select(v => KeyValuePair.Create(h.Key, v ?? "")));

    private void OnBodyRead(bool ended)
    {
        if (ended && _context.Features.Get<IHttpRequestTrailersFeature>() is { Available: true } trailers)
        {
            Request.Trailers = [.. Pairs(trailers.Trailers)];
        }

        _recorder.Changed();
    }
}
