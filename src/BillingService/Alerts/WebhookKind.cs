namespace OpenAIProxy.BillingService.Alerts;

/// <summary>Whose form a message to a webhook has.</summary>
public enum WebhookKind
{
    /// <summary>Our own JSON, signed.</summary>
    Generic,

    /// <summary>Slack's incoming webhooks.</summary>
    Slack,

    /// <summary>Microsoft Teams' workflows: an adaptive card.</summary>
    Teams,

    /// <summary>A custom bot of Feishu or Lark.</summary>
    Feishu,

    /// <summary>A custom robot of DingTalk.</summary>
    DingTalk,

    /// <summary>A group robot of WeCom.</summary>
    WeCom,
}
