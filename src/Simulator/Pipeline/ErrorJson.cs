using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Pipeline;

/// <summary>OpenAI's error object.</summary>
internal static class ErrorJson
{
    public static string Of(string message, string type, string? param = null, string? code = null) =>
        $$$"""{"error":{"message":{{{Json.Quote(message)}}},"type":{{{Json.Quote(type)}}},"param":{{{Json.Quote(param)}}},"code":{{{Json.Quote(code)}}}}}""";

    public static string Of(ApiException e) => Of(e.Message, e.Type, e.Param, e.Code);

    /// <summary>The object that OpenAI sends with this status most often.</summary>
    public static string ForStatus(int status)
    {
        var (type, code) = status switch
        {
            401 => ("invalid_request_error", "invalid_api_key"),
            403 => ("request_forbidden", "unsupported_country_region_territory"),
            404 => ("invalid_request_error", "model_not_found"),
            413 => ("invalid_request_error", "request_too_large"),
            429 => ("rate_limit_error", "rate_limit_exceeded"),
            503 => ("service_unavailable_error", "server_is_overloaded"),
            >= 500 => ("server_error", null),
            _ => ("invalid_request_error", (string?)null),
        };
        return Of($"Simulated error {status}.", type, null, code);
    }
}
