using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Contracts;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Limits;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.ServiceDefaults.Errors;

namespace OpenAIProxy.Gateway;

/// <summary>The steps of a request: framing, CORS, access, forwarding. It comes before routing, which only own pages need.</summary>
internal sealed class GatewayPipeline(
    Upstream upstream, AccessRules rules, CallLimit forwarder,
    BillingForwarder billing, LimitsQuery limits, UpstreamFailures failures, TimeProvider time, ILogger<GatewayPipeline> logger)
{
    private readonly RoutePrefix _prefix = upstream.Prefix;

    public Task HandleAsync(HttpContext context, RequestDelegate ownPages)
        => logger.IsEnabled(LogLevel.Debug) ? LoggedAsync(context, ownPages) : SafeAsync(context, ownPages);

    // UpstreamForwarder catches all its failures, before and behind its waits; nothing is awaited here for it. What else waits hardly fails, and
    // is left to Kestrel, which logs it and answers 500.
    private Task SafeAsync(HttpContext context, RequestDelegate ownPages)
    {
        try
        {
            return RouteAsync(context, ownPages);
        }
        catch (Exception e)
        {
            return failures.WriteAsync(context, e);
        }
    }

    private async Task LoggedAsync(HttpContext context, RequestDelegate ownPages)
    {
        var log = new RequestLog(context, time);
        try
        {
            await SafeAsync(context, ownPages);
        }
        finally
        {
            log.Write(logger);
        }
    }

    private Task RouteAsync(HttpContext context, RequestDelegate ownPages)
    {
        var request = context.Request;
        if (Framing.IsAmbiguous(request))
        {
            return Framing.RefuseAsync(context);
        }

        var access = rules.Current;
        var path = default(RequestPath);
        if (request.Path.HasValue)
        {
            path = RequestPath.Of(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, _prefix);
            if (path.HasPrefix)
            {
                request.PathBase = _prefix.Value;
            }

            // From here on everybody judges the same path. One with several meanings is found by no rule but those that say no.
            request.Path = path.IsPlain ? path.Value : WithoutPrefix(request.Path);
        }

        if (path.IsPlain && IsHealth(request.Path))
        {
            return ownPages(context);
        }

        if (access.Gate.CheckAddress(context) is { } unwelcome)
        {
            return RefuseAddressAsync(context, access.Origins, unwelcome);
        }

        if (BillingPaths.IsInternal(request.Path))
        {
            return BillingForwarder.UnknownUrlAsync(context);
        }

        if (path.IsPlain && BillingPaths.IsPage(request.Path))
        {
            // Without CORS: the page is no API, and the only place where a cookie counts.
            return IsRefusedMethod(context) ? RefuseMethodAsync(context) : forwarder.ForwardPageAsync(context);
        }

        if (path.IsPlain && BillingPaths.IsAdmin(request.Path))
        {
            // Without CORS, too: no page of another site has anything to do with keys.
            return IsRefusedMethod(context) ? RefuseMethodAsync(context) : forwarder.AskAdminAsync(context);
        }

        if (access.Origins.TryAnswerPreflight(context))
        {
            return Task.CompletedTask;
        }

        access.Origins.Apply(context);
        if (path.IsPlain && IsHome(request))
        {
            return ownPages(context);
        }

        if (IsRefusedMethod(context))
        {
            return RefuseMethodAsync(context);
        }

        if (path.IsPlain && BillingPaths.IsQuery(request.Path))
        {
            return AskBillingAsync(context, access, path);
        }

        if (access.Gate.Identify(context, time, out var caller) is { } refusal)
        {
            return refusal.WriteAsync(context);
        }

        if (!path.IsPlain)
        {
            return ForwardAmbiguousAsync(context, access, caller, path);
        }

        if (caller is { IsGuest: true, KeyId: not UsageDimensions.Anonymous } && billing.KnowsCallers && BillingPaths.IsBalance(request))
        {
            return forwarder.AskBillingAsync(context, caller);
        }

        if (caller.Rules is not null && LimitsQuery.IsAsked(request))
        {
            return limits.AnswerAsync(context, caller);
        }

        return Closes(context, access, caller, path.Value) is { } closed ? closed.WriteAsync(context) : forwarder.ForwardAsync(context, caller, path);
    }

    private static Refusal? Closes(HttpContext context, AccessSnapshot access, Caller caller, string path)
        => caller.UsesOperatorKey
            ? access.AccountPaths.Check(context.Request.Method, WebSockets.IsOpening(context), path) ?? caller.Rules?.CheckPath(path)
            : null;

    // A page can read why only with the headers of CORS, and behind a preflight that went well.
    private static Task RefuseAddressAsync(HttpContext context, OriginPolicy origins, Refusal refusal)
    {
        if (!BillingPaths.IsPage(context.Request.Path) && !BillingPaths.IsInternal(context.Request.Path) && !BillingPaths.IsAdmin(context.Request.Path))
        {
            if (origins.TryAnswerPreflight(context))
            {
                return Task.CompletedTask;
            }

            origins.Apply(context);
        }

        return refusal.WriteAsync(context);
    }

    private Task AskBillingAsync(HttpContext context, AccessSnapshot access, RequestPath path)
    {
        var refusal = access.Gate.Identify(context, time, out var caller);
        // A key that isn't taken may still be the admin token, which only the billing service knows.
        if (refusal is not null && !(refusal == Refusal.CallerKeysNotAllowed && billing.IsConfigured))
        {
            return refusal.WriteAsync(context);
        }

        if (caller.IsGuest && !billing.KnowsCallers)
        {
            return Refusal.NotYourAccount.WriteAsync(context);
        }

        return billing.Answers(context.Request.Path) ? forwarder.AskBillingAsync(context, caller) : forwarder.ForwardAsync(context, caller, path);
    }

    // It passes where nothing is at stake but the account of the key's owner.
    private Task ForwardAmbiguousAsync(HttpContext context, AccessSnapshot access, Caller caller, RequestPath path)
    {
        var read = context.Request.Path;
        if (caller.IsGuest || (Closes(context, access, caller, path.Value) ?? Closes(context, access, caller, read.Value!)) is not null)
        {
            return Refusal.AmbiguousPath.WriteAsync(context);
        }

        var isOwn = BillingPaths.IsPage(read) || BillingPaths.IsAdmin(read) || BillingPaths.IsAdmin(path.Value)
            || (BillingPaths.IsQuery(read) && !BillingPaths.IsOpenAIs(read));
        return isOwn ? BillingForwarder.UnknownUrlAsync(context) : forwarder.ForwardAsync(context, caller, path);
    }

    private PathString WithoutPrefix(PathString path)
        => _prefix.Value.Length == 0 || !path.StartsWithSegments(_prefix.Value, StringComparison.Ordinal, out var rest) ? path : rest.HasValue ? rest : "/";

    private static bool IsHealth(PathString path) => path.Value is "/healthz" or "/health/live" or "/health/ready";

    private static bool IsHome(HttpRequest request)
        => request.Path.Value is "/" && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method));

    // CONNECT would make us an open tunnel, unless it is a WebSocket over HTTP/2. TRACE would send the operator's key back to the caller.
    // OPTIONS * asks about the server, not about a path of the API.
    private static bool IsRefusedMethod(HttpContext context)
        => HttpMethods.IsTrace(context.Request.Method)
            || (HttpMethods.IsConnect(context.Request.Method) && !WebSockets.IsOpening(context))
            || !context.Request.Path.HasValue;

    private static Task RefuseMethodAsync(HttpContext context) => OpenAIError.WriteAsync(
        context, StatusCodes.Status405MethodNotAllowed, "method_not_allowed", new ErrorText(
            $"The gateway does not forward {context.Request.Method} requests like this one.", $"网关不转发这种 {context.Request.Method} 请求。"));
}
