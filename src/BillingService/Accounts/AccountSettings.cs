using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Accounts;

/// <summary>The secrets by which it is known who asks.</summary>
/// <param name="AdminToken">Who shows it sees the usage of all keys; null: nobody does.</param>
/// <param name="InternalToken">The secret shared with the gateways; null: no usage is taken.</param>
public sealed record AccountSettings(string? AdminToken, string? InternalToken)
{
    internal static readonly TextSetting AdminTokenSetting = new("Billing:AdminToken",
        $"at least {InternalSettings.ShortestSecret} visible ASCII characters, not beginning with {AccessKeys.Prefix}",
        "Who shows this instead of a key sees the usage of all keys. Without it nobody does.",
        text => InternalSettings.IsToken(text) && !text.StartsWith(AccessKeys.Prefix, StringComparison.Ordinal))
    { Secret = true };

    /// <summary>Without the secrets: this text may end up in a log.</summary>
    public override string ToString() => nameof(AccountSettings);

    internal static AccountSettings Read(SettingsReader reader, OpenAISettings openAI)
    {
        var settings = new AccountSettings(reader.Get(AdminTokenSetting), reader.Get(InternalSettings.Token));
        if (settings.AdminToken is { } admin && (admin == settings.InternalToken || openAI.ApiKeys.Contains(admin)))
        {
            reader.AddError("Billing:AdminToken is also Internal:Token or a key in OpenAI:ApiKey: whoever sees the usage of all keys would hold that, too.");
        }

        return settings;
    }
}
