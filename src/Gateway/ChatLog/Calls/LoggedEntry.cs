namespace OpenAIProxy.Gateway.ChatLog.Calls;

/// <summary>A call that is over, as it will be written down.</summary>
/// <param name="Call">What was known of it when it began.</param>
/// <param name="Id">UUIDv7; that of its usage record, if there is one.</param>
/// <param name="Status">The status that the caller got; 0 if there was none.</param>
/// <param name="Duration">From the request's head to the end, milliseconds.</param>
/// <param name="FirstByte">From the request's head to the answer's first byte, milliseconds; -1 if none came.</param>
/// <param name="End">How it ended.</param>
/// <param name="Request">The request's body; null if it has none.</param>
/// <param name="Answer">The answer's body; null if there was no answer of the upstream's.</param>
internal sealed record LoggedEntry(
    LoggedHead Call, Guid Id, int Status, int Duration, int FirstByte, CallEnd End, CapturedBody? Request, CapturedBody? Answer)
{
    /// <summary>Without the secrets and what was said.</summary>
    public override string ToString() => nameof(LoggedEntry);

    /// <summary>Gives the bodies' memory back.</summary>
    public void Release()
    {
        Request?.Release();
        Answer?.Release();
    }
}
