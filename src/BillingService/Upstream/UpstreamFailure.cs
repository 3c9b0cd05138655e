using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Upstream;

/// <summary>What to say when upstream does not answer.</summary>
internal static class UpstreamFailure
{
    /// <summary>What the caller is told about <paramref name="e"/>; null if it is no failure of upstream's, such as a caller who left.</summary>
    public static BillingException? Explain(Exception e, CancellationToken cancellationToken) => e switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException => new BillingException(StatusCodes.Status504GatewayTimeout, "upstream_timeout",
            "The upstream API did not answer in time (Billing:Timeout)."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
            BillingException.InvalidAnswer("its answer is too large"),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse } =>
            BillingException.InvalidAnswer("its answer broke off or is not valid HTTP"),
        InvalidDataException or HttpRequestException { InnerException: InvalidDataException } =>
            BillingException.InvalidAnswer("the body can't be decompressed"),
        HttpRequestException or IOException => new BillingException(StatusCodes.Status502BadGateway, "upstream_unreachable",
            "The upstream API can't be reached (OpenAI:BaseUrl)."),
        _ => null,
    };

    /// <summary>A failure's name in telemetry: one of few.</summary>
    public static string NameOf(Exception e) => e is BillingException failed ? failed.Code : "cancelled";
}
