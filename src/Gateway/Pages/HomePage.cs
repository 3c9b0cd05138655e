namespace OpenAIProxy.Gateway.Pages;

/// <summary>What a person sees who opens the gateway in a browser.</summary>
internal static class HomePage
{
    private const string Html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta name="color-scheme" content="light dark">
        <title>OpenAIProxy</title>
        <style>body{font:16px/1.6 system-ui,sans-serif;max-width:42em;margin:3em auto;padding:0 1em}code{font-size:.9em}</style>
        <h1>OpenAIProxy</h1>
        <p>This is a gateway for the OpenAI API. Use it as the base URL of any OpenAI client:
        <code>OPENAI_BASE_URL=http://this-host/v1</code>; clients that want no <code>/v1</code> there work too.</p>
        <p>What has a key cost? <code>GET /billing/credit_grants?start_date=YYYY-MM-DD&amp;end_date=YYYY-MM-DD</code>,
        or <a href="usage">the usage page</a>.</p>
        <hr>
        <div lang="zh">
        <p>这是 OpenAI API 的转发网关。将任意 OpenAI 客户端的接口地址改为本服务地址即可使用。</p>
        <p>查询费用：<code>GET /billing/credit_grants?start_date=YYYY-MM-DD&amp;end_date=YYYY-MM-DD</code>，或打开<a href="usage">用量页面</a>。</p>
        </div>
        </html>
        """;

    public static void MapHomePage(this IEndpointRouteBuilder routes)
        => routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], () => Results.Content(Html, "text/html; charset=utf-8"));
}
