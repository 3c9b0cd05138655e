using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>What went wrong, as problem details (RFC 9457).</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Detail">For people; holds no secret.</param>
/// <param name="Errors">The fields that are wrong.</param>
internal sealed record Problem(int Status, string Code, string Detail, IReadOnlyList<FieldError> Errors)
{
    public const string ContentType = "application/problem+json";

    public static Problem Of(int status, string code, string detail) => new(status, code, detail, []);

    public static Problem OfFields(IReadOnlyList<FieldError> errors) => new(
        StatusCodes.Status422UnprocessableEntity, "invalid_fields", string.Join(' ', errors.Select(error => $"{error.Name}: {error.Message}")), errors);

    /// <summary>Answers with it, unless an answer has begun.</summary>
    public Task WriteAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            return Task.CompletedTask;
        }

        var body = AdminJson.Bytes(json =>
        {
            json.WriteString("type", "about:blank");
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(Status));
            json.WriteNumber("status", Status);
            json.WriteString("detail", Detail);
            json.WriteString("code", Code);
            if (Errors.Count > 0)
            {
                json.WriteStartArray("errors");
                foreach (var error in Errors)
                {
                    Write(json, error);
                }

                json.WriteEndArray();
            }
        });
        return AdminJson.WriteAsync(context, Status, ContentType, body);
    }

    // As in RFC 9457, 3: { "detail": "…", "pointer": "#/limits/requests" }
    private static void Write(Utf8JsonWriter json, FieldError error)
    {
        json.WriteStartObject();
        json.WriteString("detail", error.Message);
        json.WriteString("pointer", error.Name.Length == 0 ? "#" : $"#/{error.Name.Replace("~", "~0", StringComparison.Ordinal)
            .Replace("/", "~1", StringComparison.Ordinal).Replace('.', '/')}");
        json.WriteEndObject();
    }
}
