using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Pages;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Errors;
using Yarp.ReverseProxy.Forwarder;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>
/// Sends billing queries and the usage page's requests to the billing service, saying who asks and, unlike to the upstream, with the trace.
/// </summary>
internal sealed class BillingForwarder(
    IHttpForwarder forwarder, BillingServiceSettings billing, BillingDial dial, AccessRules access, BillingState state,
    UpstreamFailures failures, BillingWatch? watch = null, ICallerAllowance? allowance = null) : IDisposable
{
    /// <summary>Bytes. Queries have no body, and the page's form holds a key.</summary>
    private const long LargestBody = 16 * 1024;

    // Five years are 23 calls to OpenAI, four at a time, each with a limit of its own there (Billing:Timeout, at most 10 minutes).
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromHours(1), Version = HttpVersion.Version11 };

    private static readonly MinDataRate SlowestUpload = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    private readonly string? _address = billing.Address?.ToString().TrimEnd('/');
    private readonly HttpMessageInvoker? _client = billing.Address is null ? null : CreateClient(dial);

    /// <summary>True if there is a billing service.</summary>
    public bool IsConfigured => _client is not null;

    /// <summary>True if the billing service can tell what callers without a key of their own have used: it is told, and believes who asks.</summary>
    public bool KnowsCallers => IsConfigured && billing.IsToldUsage;

    /// <summary>
    /// True if the billing service answers this billing path. Without that service, OpenAI's own paths go upstream like all others.
    /// </summary>
    public bool Answers(PathString path) => IsConfigured || !BillingPaths.IsOpenAIs(path);

    /// <summary>Forwards a billing query of <paramref name="caller"/>.</summary>
    public async Task ForwardAsync(HttpContext context, Caller caller)
    {
        var isKnown = KnowsCallers && caller.UsesOperatorKey;
        var told = isKnown && allowance is not null ? await allowance.ReadAsync(context, caller) : default;
        await ForwardAsync(context, new BillingExchange(billing, access.Current.Settings, caller, isKnown) { Allowance = told });
    }

    /// <summary>Forwards a request for the usage page, or one of its files or forms.</summary>
    public Task ForwardPageAsync(HttpContext context) => ForwardAsync(context, new BillingExchange(billing, access.Current.Settings, null, isKnown: false));

    /// <summary>Forwards what is asked of the admin API. Who may, the billing service judges by the token in Authorization.</summary>
    public Task ForwardAdminAsync(HttpContext context)
    {
        if (!access.Current.Settings.HasManagedKeys)
        {
            return AdminProblem.WriteAsync(context, StatusCodes.Status404NotFound, "managed_keys_off", new ErrorText(
                "This gateway takes no access keys made at run time: Access:ManagedKeys is false, or there is no billing service or no OpenAI:ApiKey.",
                "本网关不接受运行时创建的访问密钥：Access:ManagedKeys 为 false，或者没有计费服务，或者没有设置 OpenAI:ApiKey。"));
        }

        var caller = new Caller(null, UsesOperatorKey: false, IsGuest: false, "");
        return ForwardAsync(context, new BillingExchange(billing, access.Current.Settings, caller, isKnown: false) { IsAdmin = true });
    }

    public void Dispose() => _client?.Dispose();

    private async Task ForwardAsync(HttpContext context, BillingExchange exchange)
    {
        if (!BillingPaths.IsPlain(context.Request.Path))
        {
            await UnknownUrlAsync(context);
            return;
        }

        if (_client is null)
        {
            await FailAsync(context, exchange, StatusCodes.Status503ServiceUnavailable, "billing_not_configured", new ErrorText(
                "This gateway runs without its billing service. Its operator can start both with the AppHost or compose.yaml.",
                "本网关没有配置计费服务。管理员可以用 AppHost 或 compose.yaml 同时启动网关和计费服务。"));
            return;
        }

        LimitBody(context);
        if (context.Request.ContentLength > LargestBody)
        {
            await TooLargeAsync(context);
            return;
        }

        using var query = new CancellationTokenSource();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var hangs = watch!.RunAsync(query, ended.Token);
        var error = await forwarder.SendAsync(context, _address!, _client, Config, exchange, query.Token);
        await ended.CancelAsync();
        var isHanging = await hangs;
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (exchange.IsRefused)
        {
            state.Unauthorized();
            await FailAsync(context, exchange, StatusCodes.Status502BadGateway, "billing_refuses_gateway", new ErrorText(
                "The billing service does not know this gateway. Its operator has to set Internal:Token to the same secret at both.",
                "计费服务不认识本网关。请管理员把网关和计费服务的 Internal:Token 设为相同的值。"));
        }
        else if (error is ForwarderError.RequestCreation)
        {
            // As on the way to the upstream: nothing was sent, and what YARP caught is ours.
            await failures.WriteAsync(context, context.GetForwarderErrorFeature()!.Exception!);
        }
        else if (error != ForwarderError.None)
        {
            await ExplainAsync(context, exchange, isHanging ? ForwarderError.RequestTimedOut : error);
        }
        else if (exchange.IsTrusted && context.Response.StatusCode < StatusCodes.Status300MultipleChoices)
        {
            state.Knows();
        }
    }

    /// <summary>There is nothing at this path, for nobody.</summary>
    public static Task UnknownUrlAsync(HttpContext context) => OpenAIError.WriteAsync(context, StatusCodes.Status404NotFound, "unknown_url",
        new ErrorText(
            $"Unknown request URL: {context.Request.Method} {context.Request.Path}.",
            $"没有这个路径：{context.Request.Method} {context.Request.Path}。"));

    // The gateway itself sets no limits: uploads have any size.
    private static void LimitBody(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LargestBody;
        }

        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = SlowestUpload;
        }
    }

    private static HttpMessageInvoker CreateClient(BillingDial dial)
    {
        var handler = BillingConnections.Create(dial);
        handler.RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1;
        return new HttpMessageInvoker(handler);
    }

    private Task ExplainAsync(HttpContext context, BillingExchange exchange, ForwarderError error) => error switch
    {
        ForwarderError.RequestTimedOut => FailAsync(context, exchange, StatusCodes.Status504GatewayTimeout, "billing_timeout", new ErrorText(
            $"The billing service did not answer in time: {BillingServiceSettings.TimeoutSetting.Name} is {Durations.Format(billing.Timeout)}.",
            $"计费服务没有及时响应：{BillingServiceSettings.TimeoutSetting.Name} 为 {Durations.Format(billing.Timeout)}。")),
        _ when context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge => TooLargeAsync(context),
        ForwarderError.RequestBodyClient => OpenAIError.WriteAsync(context, StatusCodes.Status400BadRequest, "invalid_request_body",
            new ErrorText("The request's body broke off.", "请求体没有传完就断开了。")),
        _ => FailAsync(context, exchange, StatusCodes.Status502BadGateway, "billing_unreachable",
            new ErrorText("The billing service can't be reached.", "无法连接计费服务。")),
    };

    private static Task FailAsync(HttpContext context, BillingExchange exchange, int status, string code, ErrorText message)
    {
        if (exchange.IsPage)
        {
            return BillingAwayPage.WriteAsync(context, status, code, message);
        }

        return exchange.IsAdmin ? AdminProblem.WriteAsync(context, status, code, message) : OpenAIError.WriteAsync(context, status, code, message);
    }

    private static Task TooLargeAsync(HttpContext context) => OpenAIError.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, "request_too_large",
        new ErrorText(
            $"The body is too large; here it may have {LargestBody / 1024} KB.",
            $"请求体太大；这里最多 {LargestBody / 1024} KB。"));
}
