using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Alerts;

/// <summary>An alert in the form of a webhook's receiver.</summary>
internal static class WebhookRequest
{
    /// <summary>The header of <see cref="WebhookKind.Generic"/> with the time of the signature, unix seconds.</summary>
    public const string TimestampHeader = "x-openaiproxy-timestamp";

    /// <summary>
    /// The header of <see cref="WebhookKind.Generic"/> with <c>sha256=</c> and the HMAC-SHA256 of the timestamp, a dot and the body, in hexadecimal digits.
    /// </summary>
    public const string SignatureHeader = "x-openaiproxy-signature";

    /// <summary>The request that tells an alert.</summary>
    public static HttpRequestMessage Create(Webhook webhook, BudgetAlert alert, DateTimeOffset now)
    {
        var url = webhook.Url;
        var body = Body(webhook, alert, now);
        if (webhook is { Kind: WebhookKind.DingTalk, Secret.Length: > 0 })
        {
            // https://open.dingtalk.com/document/robots/customize-robot-security-settings: HMAC of "timestamp\nsecret" with the secret, in the query.
            var timestamp = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            var sign = Uri.EscapeDataString(Convert.ToBase64String(Hmac(webhook.Secret, $"{timestamp}\n{webhook.Secret}")));
            url = new Uri($"{url.AbsoluteUri}{(url.Query.Length > 0 ? '&' : '?')}timestamp={timestamp}&sign={sign}");
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(body);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        if (webhook is { Kind: WebhookKind.Generic, Secret.Length: > 0 })
        {
            var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. json];
            request.Headers.Add(TimestampHeader, timestamp);
            request.Headers.Add(SignatureHeader, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(webhook.Secret), signed)));
        }

        return request;
    }

    /// <summary>Null if an answer says that the message was taken, else why not. Some receivers say so in a 200.</summary>
    public static string? Judge(Webhook webhook, int status, string body)
    {
        if (status is < 200 or >= 300)
        {
            return $"status {status.ToString(CultureInfo.InvariantCulture)}";
        }

        // {"errcode":310000,"errmsg":"sign not match"} · {"code":19021,"msg":"sign match fail…"}
        var name = webhook.Kind switch
        {
            WebhookKind.DingTalk or WebhookKind.WeCom => "errcode",
            WebhookKind.Feishu => "code",
            _ => null,
        };
        return name is null || CodeOf(body, name) is 0 ? null : $"an error in its answer ({name})";
    }

    private static JsonObject Body(Webhook webhook, BudgetAlert alert, DateTimeOffset now) => webhook.Kind switch
    {
        WebhookKind.Slack => new JsonObject { ["text"] = AlertText.English(alert) },
        WebhookKind.Teams => Card(AlertText.English(alert)),
        WebhookKind.Feishu => Feishu(webhook, AlertText.Chinese(alert), now),
        WebhookKind.DingTalk or WebhookKind.WeCom => new JsonObject
        {
            ["msgtype"] = "text",
            ["text"] = new JsonObject { ["content"] = AlertText.Chinese(alert) },
        },
        _ => Generic(alert),
    };

    private static JsonObject Generic(BudgetAlert alert) => new()
    {
        ["type"] = "budget.alert",
        ["id"] = alert.Id,
        ["scope"] = alert.Scope,
        ["key"] = alert.Scope == "key" ? alert.Name : null,
        ["team"] = alert.Scope == "team" ? alert.Name : null,
        ["name"] = alert.Label,
        ["period"] = alert.Period.ToString().ToLowerInvariant(),
        ["percent"] = alert.Percent,
        ["limit_usd"] = Money.Shortest(Money.OfMicroDollars(alert.Limit)),
        ["used_usd"] = Money.Shortest(Money.OfMicroDollars(alert.Used)),
        ["resets_at"] = alert.ResetsAt,
        ["text"] = AlertText.English(alert),
    };

    // A message of a Teams workflow "when a webhook request is received".
    private static JsonObject Card(string text) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["content"] = new JsonObject
            {
                ["type"] = "AdaptiveCard",
                ["version"] = "1.4",
                ["body"] = new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = text, ["wrap"] = true }),
            },
        }),
    };

    // Signed by the HMAC of nothing with "timestamp\nsecret" as its key.
    private static JsonObject Feishu(Webhook webhook, string text, DateTimeOffset now)
    {
        var body = new JsonObject { ["msg_type"] = "text", ["content"] = new JsonObject { ["text"] = text } };
        if (webhook.Secret.Length > 0)
        {
            var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            body["timestamp"] = timestamp;
            body["sign"] = Convert.ToBase64String(Hmac($"{timestamp}\n{webhook.Secret}", ""));
        }

        return body;
    }

    private static byte[] Hmac(string key, string text) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text));

    private static long? CodeOf(string body, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var code) && code.TryGetInt64(out var number)
                ? number : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
