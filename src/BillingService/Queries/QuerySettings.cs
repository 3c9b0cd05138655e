using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>How billing queries are answered.</summary>
/// <param name="Source">Where answers come from.</param>
public sealed record QuerySettings(BillingSource Source)
{
    internal static readonly ChoiceSetting<BillingSource> SourceSetting = new("Billing:Source",
        "Where billing answers come from. Auto: upstream, and the ledger where upstream wants a session key.",
        ("Auto", BillingSource.Auto, null), ("Upstream", BillingSource.Upstream, null), ("Ledger", BillingSource.Ledger, null));

    internal static QuerySettings Read(SettingsReader reader) => new(reader.Get(SourceSetting));
}
