using System.Diagnostics;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger;

/// <summary>A batch that somebody waits for.</summary>
internal sealed class PendingBatch(UsageBatch batch, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<bool> _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public UsageBatch Batch => batch;

    /// <summary>Cancelled when its sender gave up, or its time is over.</summary>
    public CancellationToken GivenUp => cancellationToken;

    /// <summary>Its place among those that wait.</summary>
    public LinkedListNode<PendingBatch>? Place { get; set; }

    /// <summary>The span of its request.</summary>
    public Activity? Request { get; } = Activity.Current;

    /// <summary>True if it was taken, false if it had been before.</summary>
    public Task<bool> Taken => _taken.Task;

    public void Took(bool added) => _taken.TrySetResult(added);

    public void Failed(Exception e) => _taken.TrySetException(e);
}
