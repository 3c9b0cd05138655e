using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Caching;

/// <summary>What one cached result answers: this, asked by somebody else or for something else, is another question.</summary>
/// <param name="Credential">Who asks, and for which organization and project.</param>
/// <param name="Topic">What is asked: <c>usage</c>, <c>subscription</c>, …</param>
/// <param name="Range">For which days; null if days don't matter.</param>
internal sealed record Question(Credential Credential, string Topic, DateRange? Range = null)
{
    /// <summary>Whether upstream wants a session key instead of this credential, whatever is asked for.</summary>
    public Question Refusal => this with { Topic = "refused", Range = null };
}
