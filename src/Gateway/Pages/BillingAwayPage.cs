using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway.Pages;

/// <summary>What a person sees who opens the usage page while the billing service, whose page it is, can't answer. Programs get the error object.</summary>
internal static class BillingAwayPage
{
    private const string Style =
        "body{font:16px/1.6 system-ui,-apple-system,\"Segoe UI\",\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\",sans-serif;max-width:34em;margin:12vh auto;"
        + "padding:0 20px}h1{font-size:1.3em}p.detail{opacity:.8;font-size:.9em;overflow-wrap:anywhere}a{color:LinkText}";

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Answers a browser with the page, and everybody else with OpenAI's error object.</summary>
    /// <param name="context">A request for the usage page.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">The error's code.</param>
    /// <param name="message">What is wrong and what its operator can do.</param>
    public static Task WriteAsync(HttpContext context, int status, string code, ErrorText message)
    {
        if (context.Response.HasStarted || !IsBrowser(context.Request))
        {
            return OpenAIError.WriteAsync(context, status, code, message);
        }

        var body = Encoding.UTF8.GetBytes(Html(context.Request, code, message));
        var response = context.Response;
        response.Clear();
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = body.Length;
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers.Vary = "Accept, Accept-Language, Cookie";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    private static bool IsBrowser(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static bool IsChinese(HttpRequest request)
    {
        foreach (var tag in (string?[])[request.Query["lang"], request.Cookies[PageCookies.Language]])
        {
            if (!string.IsNullOrEmpty(tag))
            {
                return IsChinese(tag);
            }
        }

        return ErrorText.PrefersChinese(request);
    }

    private static bool IsChinese(string tag) => tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase);

    private static string Text(bool isChinese, string code)
    {
        if (code == "billing_not_configured")
        {
            return isChinese ? "本网关没有配置计费服务，因此不计量。API 调用照常转发。" : "This gateway runs without its billing service, so no usage is counted. API calls are forwarded all the same.";
        }

        if (code == "billing_refuses_gateway" && !isChinese)
        {
            return "The billing service can't be used at the moment. API calls are forwarded all the same; a gateway that meters keeps their usage until it can.";
        }

        return isChinese
            ? "计费服务不可用。API 调用照常转发；如果开启了计量，用量先存放在网关，计费服务恢复后自动入账。"
            : "The billing service does not answer. API calls are forwarded all the same; a gateway that meters keeps their usage until the service is back.";
    }

    private static string Html(HttpRequest request, string code, ErrorText message)
    {
        var isChinese = IsChinese(request);
        var (language, title, again) = isChinese ? ("zh-CN", "暂时无法查看用量", "重试") : ("en", "The usage can't be shown at the moment", "Try again");
        var text = Text(isChinese, code);
        // The empty link is this page's own address, whatever prefix it lives under. A form's address, /usage/sign-in, has no page.
        var link = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? "" : "../usage";
        return $"""
            <!DOCTYPE html>
            <html lang="{language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{title} · OpenAIProxy</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>{title}</h1>
            <p>{text}</p>
            <p class="detail">{HtmlEncoder.Default.Encode(isChinese ? message.Chinese : message.English)} ({code})</p>
            <p><a href="{link}">{again}</a></p>
            </main>
            </body>
            </html>
            """;
    }
}
