namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>Whom the audit names for changes by the admin API.</summary>
/// <param name="Name">In a word or two, or their e-mail.</param>
internal sealed record AdminActor(string Name)
{
    /// <summary>Who shows the admin token.</summary>
    public static AdminActor Api { get; } = new("admin API");

    /// <summary>Who runs a command beside the ledger.</summary>
    public static AdminActor CommandLine { get; } = new("command line");
}
