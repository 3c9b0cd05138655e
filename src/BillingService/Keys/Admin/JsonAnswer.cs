namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>An answer in JSON.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body.</param>
internal sealed record JsonAnswer(int Status, ReadOnlyMemory<byte> Body) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => AdminJson.WriteAsync(httpContext, Status, "application/json", Body);

    /// <summary>Without the body, which may hold a secret: this text may end up in a log.</summary>
    public override string ToString() => nameof(JsonAnswer);
}
