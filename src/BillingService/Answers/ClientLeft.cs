using Microsoft.AspNetCore.Connections;

namespace OpenAIProxy.BillingService.Answers;

/// <summary>Tells a failure of ours from what is seen of a client, or of a gateway, that hangs up in the middle of a request.</summary>
internal static class ClientLeft
{
    /// <summary>True if <paramref name="exception"/> says no more than that nobody waits for the answer.</summary>
    public static bool Explains(HttpContext context, Exception exception)
        => exception is ConnectionResetException or ConnectionAbortedException
            || (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException);
}
