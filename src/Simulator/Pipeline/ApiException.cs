namespace OpenAIProxy.Simulator.Pipeline;

/// <summary>Ends a request with an OpenAI error object.</summary>
internal sealed class ApiException(int status, string message, string type = "invalid_request_error", string? param = null, string? code = null)
    : Exception(message)
{
    public int Status => status;

    public string Type => type;

    public string? Param => param;

    public string? Code => code;
}
