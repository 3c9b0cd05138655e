namespace OpenAIProxy.BillingService.Upstream;

/// <summary>Upstream answered with an error, which goes to the caller as it came.</summary>
internal sealed class UpstreamException(UpstreamAnswer answer, bool isRemembered) : Exception($"Upstream answered {answer.Status}.")
{
    /// <summary>What it said.</summary>
    public UpstreamAnswer Answer { get; } = answer;

    /// <summary>True if it said so some time ago, and was not asked again.</summary>
    public bool IsRemembered { get; } = isRemembered;

    /// <summary>
    /// True for OpenAI's refusal of keys on the old billing routes:
    /// "Your request to GET /v1/dashboard/billing/usage must be made with a session key (that is, …".
    /// </summary>
    public bool NeedsSessionKey =>
        Answer.Status == StatusCodes.Status403Forbidden && Answer.Body.Span.IndexOf("must be made with a session key"u8) >= 0;
}
