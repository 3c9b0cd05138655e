using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Metering.Drain;
using OpenAIProxy.Gateway.Metering.Endpoints;
using OpenAIProxy.Gateway.Metering.Names;
using OpenAIProxy.Gateway.Metering.Requests;
using OpenAIProxy.Gateway.Metering.Telemetry;
using OpenAIProxy.Gateway.Paths;
using OpenAIProxy.ServiceDefaults.Errors;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Requests;
using OpenAIProxy.UsageJournal;

namespace OpenAIProxy.Gateway.Metering;

/// <summary>Meters calls. The face of this room; there is none while metering is off.</summary>
internal sealed partial class CallMeters(
    GatewaySettings settings, IUsageJournal journal, RecordNames names, UsageTelemetry telemetry, Drains drains, UsageOptionSupport support,
    ILogger<CallMeters> logger)
{
    private int _gaveUp;

    /// <summary>Where usage is written down.</summary>
    public IUsageJournal Journal => journal;

    /// <summary>Which names from outside become rows of their own.</summary>
    public RecordNames Names => names;

    /// <summary>Where usage is shown.</summary>
    public UsageTelemetry Telemetry => telemetry;

    /// <summary>What goes on without its client.</summary>
    public Drains Drains => drains;

    /// <summary>What was asked of background responses.</summary>
    public BackgroundRequests BackgroundRequests { get; } = new();

    /// <summary>What happens when a client leaves.</summary>
    public ClientAbort OnClientAbort => settings.Metering.OnClientAbort;

    /// <summary>The region of the upstream; empty for the global host.</summary>
    public string Region { get; } = RegionOf(settings.OpenAI.BaseUrl);

    /// <summary>The meter for a request that is about to be forwarded.</summary>
    public MeteredCall Start(HttpContext context, Caller caller, bool isUpgrade, RequestPath path)
    {
        var request = context.Request;
        var endpoint = EndpointMatcher.Find(request.Method, isUpgrade, path.Value, out var deployment);
        var facts = new RequestFacts { Model = deployment, IsRead = !isUpgrade && HttpMethods.IsGet(request.Method) };
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
            // Compressed messages can't be read, and how they are compressed is agreed upon hop by hop anyway.
            request.Headers.Remove("Sec-WebSocket-Extensions");
        }

        return new MeteredCall(this, endpoint, facts, caller.KeyId)
        {
            IsOwnKey = !caller.UsesOperatorKey,
            ClientLeft = OnClientAbort == ClientAbort.Drain ? context.RequestAborted : CancellationToken.None,
        };
    }

    /// <summary>True if the call can't be written down, and must not be made then.</summary>
    public bool Refuses(MeteredCall call) => settings.Metering.RequireJournal && call.Endpoint.Kind != MeterKind.Free && !journal.IsWritable;

    /// <summary>Answers a call that <see cref="Refuses"/> says no to.</summary>
    public static Task RefuseAsync(HttpContext context) => OpenAIError.WriteAsync(
        context, StatusCodes.Status503ServiceUnavailable, "journal_unavailable",
        "Usage can't be written down at the moment, and this gateway makes no call that it can't account for (Metering:RequireJournal).");

    /// <summary>Remembers where usage can't be asked for.</summary>
    public UsageOptionSupport Support => support;

    /// <summary>What looks at the body of the request on its way.</summary>
    public RequestReading Read(HttpRequest request, MeteredCall call)
        => RequestReading.Of(request, call, settings.Metering.AskForUsage && !support.IsRefused(request.Path));

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
    [LoggerMessage(2301, LogLevel.Error, "Metering failed ({Exception}); the call went on and is recorded as unmetered. Said once only. {StackTrace}")]
    private static partial void LogFailed(ILogger logger, string exception, string? stackTrace);
}
