namespace OpenAIProxy.BillingService.Answers;

/// <summary>Where an answer comes from, as its header and its body say.</summary>
internal static class AnswerSource
{
    public const string Upstream = "upstream";

    /// <summary>What the gateways have counted.</summary>
    public const string Ledger = "ledger";
}
