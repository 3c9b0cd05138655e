using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Metering.Draining;
using OpenAIProxy.Gateway.Metering.Endpoints;
using OpenAIProxy.Gateway.Metering.Names;
using OpenAIProxy.Gateway.Metering.Telemetry;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.ServiceDefaults.Errors;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Endpoints;
using OpenAIProxy.UsageJournal;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>Meters calls: the entry point of this folder. There is none while metering is off.</summary>
internal sealed partial class CallMeters(
    MeteringSettings settings, OpenAISettings openAI, IUsageJournal journal, RecordNames names, EndUserNames endUsers,
    UsageTelemetry telemetry, Drains drains, UsageOptionSupport support,
    TimeProvider time, ILogger<CallMeters> logger) : CallObservers
{
    private static readonly Refusal NoJournal = new(StatusCodes.Status503ServiceUnavailable, "journal_unavailable",
        new ErrorText(
            "Usage can't be written down at the moment, and this gateway makes no call that it can't account for (Metering:RequireJournal).",
            "目前无法记录用量，而本网关不转发无法计量的请求（Metering:RequireJournal）。请通知管理员，或稍后再试。"));

    private int _gaveUp;

    /// <summary>The clock of calls.</summary>
    public TimeProvider Time => time;

    /// <summary>Where usage is written down.</summary>
    public IUsageJournal Journal => journal;

    /// <summary>Which names from outside become rows of their own.</summary>
    public RecordNames Names => names;

    /// <summary>Which end users records name.</summary>
    public EndUserNames EndUsers => endUsers;

    /// <summary>Where usage is shown.</summary>
    public UsageTelemetry Telemetry => telemetry;

    /// <summary>What goes on without its client.</summary>
    public Drains Drains => drains;

    /// <summary>Where usage can't be asked for.</summary>
    public UsageOptionSupport Support => support;

    /// <summary>What was asked of background responses.</summary>
    public BackgroundRequests BackgroundRequests { get; } = new();

    /// <summary>True if answers are read on when their client has left.</summary>
    public bool IsDraining => settings.OnClientAbort == ClientAbort.Drain;

    /// <summary>The region of the upstream; empty for the global host.</summary>
    public string Region { get; } = RegionOf(openAI.BaseUrl);

    public override CallObserver Start(HttpContext context, Caller caller, RequestPath path, bool isUpgrade)
    {
        var request = context.Request;
        var endpoint = EndpointMatcher.Find(request.Method, isUpgrade, path.Value, out var deployment);
        var facts = new RequestFacts { Model = deployment, IsRead = !isUpgrade && HttpMethods.IsGet(request.Method) };
        endUsers.Read(request.Headers, facts);
        if (!path.IsPlain && endpoint.Kind is MeterKind.Free)
        {
            // The upstream may read it in another way, and work on what costs.
            endpoint = endpoint with { Kind = MeterKind.Unmetered };
            facts.IsRead = false;
        }

        if (request.QueryString.HasValue && (endpoint.IsSocket || endpoint.Kind is MeterKind.Response))
        {
            facts.Model = request.Query["model"].ToString() is { Length: > 0 } model ? model : deployment;
            facts.Stream = request.Query["stream"].ToString() is "true" or "1";
        }

        if (endpoint.IsSocket)
        {
            WebSockets.OfferNoCompression(request.Headers);
        }

        return new MeteredCall(this, endpoint, facts, caller.KeyId)
        {
            IsOwnKey = !caller.UsesOperatorKey,
            Ending = caller.Ending,
            ClientLeft = IsDraining ? context.RequestAborted : CancellationToken.None,
        };
    }

    public override HttpMessageHandler Wrap(HttpMessageHandler upstream) => IsDraining ? new DrainHandler(upstream, drains) : upstream;

    public override Task WhenDrained() => drains.WhenNone();

    /// <summary>Why a call that can't be written down must not be made; null if it may.</summary>
    public Refusal? RefusalOf(EndpointRow endpoint)
        => settings.RequireJournal && endpoint.Kind != MeterKind.Free && !journal.IsWritable ? NoJournal : null;

    /// <summary>True if usage may be asked for at this path, where the client doesn't say.</summary>
    public bool MayAsk(PathString path) => settings.AskForUsage && !support.IsRefused(path);

    /// <summary>Says once that metering failed where it must not.</summary>
    public void Failed(Exception exception)
    {
        if (Interlocked.Exchange(ref _gaveUp, 1) == 0)
        {
            LogFailed(logger, exception.GetType().Name, exception.StackTrace);
        }
    }

    // https://eu.api.openai.com
    internal static string RegionOf(string baseUrl)
    {
        const string global = ".api.openai.com";
        var host = new Uri(baseUrl).Host;
        return host.EndsWith(global, StringComparison.OrdinalIgnoreCase) ? host[..^global.Length].ToLowerInvariant() : "";
    }

    // Without the message: it may quote what callers and models said.
    [LoggerMessage(2301, LogLevel.Error, "Metering a call failed ({Exception}). The call went on; its usage is recorded as unmetered. Logged once. {StackTrace}")]
    private static partial void LogFailed(ILogger logger, string exception, string? stackTrace);
}
