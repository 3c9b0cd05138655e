using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Alerts;

/// <summary>To whom alerts are told.</summary>
/// <param name="Webhooks">Where they are sent.</param>
public sealed record AlertSettings(IReadOnlyList<Webhook> Webhooks)
{
    private const string Kinds = "Generic, Slack, Teams, Feishu, DingTalk or WeCom";

    internal static readonly ListSetting WebhooksSetting = new("Alerts:Webhooks",
        $"objects with Url (http or https), Kind ({Kinds}) and, where messages are to be signed, Secret",
        "Where it is told that a part of a budget is spent.")
    { Secret = true, Fields = ["Url", "Kind", "Secret"] };

    internal static AlertSettings Read(SettingsReader reader)
    {
        foreach (var text in reader.Get(WebhooksSetting))
        {
            reader.Wrong(WebhooksSetting, text);
        }

        return new AlertSettings([.. reader.Items(WebhooksSetting).Select(ReadItem).OfType<Webhook>()]);
    }

    private static Webhook? ReadItem(SettingsItem item)
    {
        var isUrl = Uri.TryCreate(item.Text("Url"), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0;
        if (!isUrl)
        {
            item.Wrong("Url", null, "an http or https address");
        }

        var isKind = Enum.TryParse<WebhookKind>(item.Text("Kind"), ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            && !char.IsAsciiDigit(item.Text("Kind")[0]);
        if (!isKind)
        {
            item.Wrong("Kind", item.Text("Kind"), Kinds);
        }

        return isUrl && isKind ? new Webhook(url!, kind, item.Text("Secret")) : null;
    }
}
