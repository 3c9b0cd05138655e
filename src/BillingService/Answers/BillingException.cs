namespace OpenAIProxy.BillingService.Answers;

/// <summary>A query that ends in an error of our own; it becomes OpenAI's error object. The message holds no secret.</summary>
/// <param name="status">HTTP status, 400 to 599.</param>
/// <param name="code">Stable, for programs.</param>
/// <param name="message">For people.</param>
/// <param name="param">The parameter that is wrong, if it is one.</param>
/// <param name="inner">What made it fail, if something did. Not shown.</param>
internal class BillingException(int status, string code, string message, string? param = null, Exception? inner = null) : Exception(message, inner)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public string? Param { get; } = param;

    /// <summary>Upstream's answer has status 200 and is none.</summary>
    public static BillingException InvalidAnswer(string what)
        => new(StatusCodes.Status502BadGateway, "upstream_invalid_response", $"The upstream API answered, but {what}.");
}
