namespace OpenAIProxy.BillingService.Keys;

/// <summary>What became of a change.</summary>
/// <param name="Outcome">Whether it was made.</param>
/// <param name="Key">The key after it; of a deleted key, before it. Null if there is none.</param>
/// <param name="Secret">A secret that was made: it is to be shown once and kept nowhere.</param>
/// <param name="Wrong">What is wrong with the fields.</param>
internal sealed record KeyResult(KeyOutcome Outcome, ManagedKey? Key = null, string? Secret = null, IReadOnlyList<FieldError>? Wrong = null)
{
    /// <summary>Without the secret: this text may end up in a log.</summary>
    public override string ToString() => Outcome.ToString();
}
