using OpenAIProxy.Gateway.Access;
using OpenAIProxy.ServiceDefaults.Logs;

namespace OpenAIProxy.Gateway.Forwarding;

internal sealed partial class UpstreamFailures
{
    // By place in OpenAI:ApiKey: whether the upstream refuses it.
    private readonly Outage[] _refusedKeys = [.. openAI.ApiKeys.Select(_ => new Outage())];
    private int _refused;

    /// <summary>The upstream answered. That it refuses a key of the operator's is said once, until it takes that key again.</summary>
    public void Answered(int status, in Caller caller)
    {
        Succeeded();
        if (!caller.UsesOperatorKey || (status != StatusCodes.Status401Unauthorized && Volatile.Read(ref _refused) == 0))
        {
            return;
        }

        for (var i = 0; i < _refusedKeys.Length; i++)
        {
            if (!ReferenceEquals(openAI.ApiKeys[i], caller.Key))
            {
                continue;
            }

            if (status == StatusCodes.Status401Unauthorized)
            {
                if (_refusedKeys[i].Begin())
                {
                    Interlocked.Increment(ref _refused);
                    LogKeyRefused(logger, i + 1);
                }
            }
            else if (status is >= 200 and < 300 && _refusedKeys[i].End())
            {
                Interlocked.Decrement(ref _refused);
                LogKeyTaken(logger, i + 1);
            }
        }
    }

    [LoggerMessage(2004, LogLevel.Error,
        "The upstream refuses the operator's key number {Number} of OpenAI:ApiKey (status 401). Calls with it fail until it is replaced or taken again.")]
    private static partial void LogKeyRefused(ILogger logger, int number);

    [LoggerMessage(2005, LogLevel.Information, "The upstream takes the operator's key number {Number} of OpenAI:ApiKey again.")]
    private static partial void LogKeyTaken(ILogger logger, int number);
}
