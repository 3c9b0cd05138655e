namespace OpenAIProxy.Contracts;

/// <summary>
/// One call as it ended, for the page that shows the last minutes. It is in no ledger, and nothing that was said in the call is in it. Its rows
/// are also among the <see cref="UsageBatch.Rows"/>, added up with others.
/// </summary>
/// <param name="Ended">When it ended, unix milliseconds.</param>
/// <param name="Duration">From the request's head to the end, milliseconds.</param>
/// <param name="Status">The answer's status; 0 if none came.</param>
/// <param name="Rows">
/// What it used, at least one row and at most <see cref="MostRows"/>; the first one counts the call itself. Without what is counted once whoever asks
/// (<see cref="UsageRow.Once"/>): a poll would seem to cost what its response did.
/// </param>
public sealed record RecentCall(long Ended, int Duration, int Status, IReadOnlyList<UsageRow> Rows)
{
    /// <summary>The most rows of a call.</summary>
    public const int MostRows = 8;

    /// <summary>The most calls of a batch.</summary>
    public const int MostOfBatch = 50;
}
