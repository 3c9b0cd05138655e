using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using OpenAIProxy.BillingService.Pages.Components;
using OpenAIProxy.BillingService.Pages.Styles;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.SignIn;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Writes pages: rendered as a whole before the first byte leaves, so that what fails becomes another page and not half of one.</summary>
internal sealed class PageWriter(IServiceProvider services, ILoggerFactory loggers, OidcSettings? oidc = null)
{
    private static readonly string Policy =
        $"default-src 'none'; style-src {PageStyle.Source}; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public Task WriteUsageAsync(HttpContext context, UsageView view)
        => WriteAsync<UsagePage>(context, StatusCodes.Status200OK, view.Frame, (nameof(UsagePage.View), view));

    public Task WriteLiveAsync(HttpContext context, LiveView view)
        => WriteAsync<LivePage>(context, StatusCodes.Status200OK, view.Frame, (nameof(LivePage.View), view));

    public Task WriteKeysAsync(HttpContext context, int status, KeysView view)
        => WriteAsync<KeysPage>(context, status, view.Frame, (nameof(KeysPage.View), view));

    public Task WriteSignInAsync(HttpContext context, Frame frame, int status, string? error)
        => WriteAsync<SignInPage>(context, status, frame,
            (nameof(SignInPage.Frame), frame), (nameof(SignInPage.Error), error), (nameof(SignInPage.Provider), oidc?.Label));

    public Task WriteMessageAsync(HttpContext context, Frame frame, int status, string title, string message)
        => WriteAsync<MessagePage>(context, status, frame,
            (nameof(MessagePage.Frame), frame), (nameof(MessagePage.Title), title), (nameof(MessagePage.Message), message));

    /// <summary>What the answer to everything under <c>/usage</c> says, redirects and files too.</summary>
    public static void Secure(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // With no-referrer a browser would hide the origin of our own forms too.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    private async Task WriteAsync<TPage>(HttpContext context, int status, Frame frame, params (string Name, object? Value)[] parameters)
        where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async ()
            => (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters.ToDictionary(p => p.Name, p => p.Value)))).ToHtmlString());
        var body = Encoding.UTF8.GetBytes(html);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentLanguage = frame.Words.Language;
        response.Headers.Vary = "Accept-Language, Cookie";
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
