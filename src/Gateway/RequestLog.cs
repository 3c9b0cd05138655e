using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.Gateway;

/// <summary>One line about a request, at Debug: who by the id of the key, what by the path alone, how it ended, how long it took.</summary>
internal sealed partial class RequestLog(HttpContext context, TimeProvider time)
{
    private readonly string _method = context.Request.Method;
    private readonly string? _path = context.Request.Path.Value;
    private readonly string _key = RequestCredential.TryFind(context.Request, out var key, out _, out _) ? KeyId.Of(key.ToString()).Value : "no key";
    private readonly long _started = time.GetTimestamp();

    public void Write(ILogger logger)
        => LogRequest(logger, _method, Shown.Text(_path), context.Response.StatusCode, time.GetElapsedTime(_started).TotalMilliseconds, _key);

    [LoggerMessage(2101, LogLevel.Debug, "{Method} {Path} {Status} {Milliseconds:F1} ms, {Key}", SkipEnabledCheck = true)]
    private static partial void LogRequest(ILogger logger, string method, string? path, int status, double milliseconds, string key);
}
