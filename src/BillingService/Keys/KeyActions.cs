namespace OpenAIProxy.BillingService.Keys;

/// <summary>What can be done to a key, as the audit names it.</summary>
internal static class KeyActions
{
    public const string Create = "create";
    public const string Update = "update";
    public const string Rotate = "rotate";
    public const string Revoke = "revoke";
    public const string Delete = "delete";
}
