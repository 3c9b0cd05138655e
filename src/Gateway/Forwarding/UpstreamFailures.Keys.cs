using OpenAIProxy.Gateway.Access;

namespace OpenAIProxy.Gateway.Forwarding;

internal sealed partial class UpstreamFailures
{
    // By place in OpenAI:ApiKey: 1 while the log says that the upstream refuses it.
    private readonly int[] _refusedKeys = new int[settings.OpenAI.ApiKeys.Count];
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
            if (!ReferenceEquals(settings.OpenAI.ApiKeys[i], caller.Key))
            {
                continue;
            }

            if (status == StatusCodes.Status401Unauthorized)
            {
                if (Interlocked.Exchange(ref _refusedKeys[i], 1) == 0)
                {
                    Interlocked.Increment(ref _refused);
                    LogKeyRefused(logger, i + 1);
                }
            }
            else if (status is >= 200 and < 300 && Interlocked.Exchange(ref _refusedKeys[i], 0) == 1)
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
