using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.Gateway;

/// <summary>One line about a request, at Debug: who by the id of the key, what by the path alone, how it ended, how long it took.</summary>
internal sealed partial class RequestLog
{
    private readonly HttpContext _context;
    private readonly string _method;
    private readonly string? _path;
    private readonly string _key;
    private readonly TimeProvider _time;
    private readonly long _started;

    public RequestLog(HttpContext context, TimeProvider time)
    {
        _context = context;
        _time = time;
        _started = time.GetTimestamp();
        _method = context.Request.Method;
        _path = context.Request.Path.Value;
        _key = RequestCredential.TryFind(context.Request, out var key, out _, out _) ? KeyId.Of(key.ToString()).Value : "no key";
    }

    public void Write(ILogger logger)
        => LogRequest(logger, _method, Shown.Text(_path), _context.Response.StatusCode, _time.GetElapsedTime(_started).TotalMilliseconds, _key);

    [LoggerMessage(2101, LogLevel.Debug, "{Method} {Path} {Status} {Milliseconds:F1} ms, {Key}", SkipEnabledCheck = true)]
    private static partial void LogRequest(ILogger logger, string method, string? path, int status, double milliseconds, string key);
}
