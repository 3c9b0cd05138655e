using System.Globalization;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Files. Nothing is stored: the id of an uploaded file holds its length, and its content is made up again.</summary>
internal static class FileEndpoints
{
    private const string Prefix = "file-";
    private const int LengthDigits = 10;
    private const long UnknownLength = 1024;

    private static readonly string[] GetAndHead = ["GET", "HEAD"];

    public static void MapFiles(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/files", PostAsync);
        app.MapGet("/v1/files", context =>
            Reply.JsonAsync(context, $$"""{"object":"list","data":[{{Object("file-simulated", UnknownLength, "data.jsonl", "batch")}}],"has_more":false}"""));
        app.MapMethods("/v1/files/{id}", GetAndHead,
            context => Reply.JsonAsync(context, Object(Id(context), LengthOf(Id(context)), "data.jsonl", "user_data")));
        app.MapDelete("/v1/files/{id}", context => Reply.JsonAsync(context, $$"""{"id":{{Json.Quote(Id(context))}},"object":"file","deleted":true}"""));
        app.MapMethods("/v1/files/{id}/content", GetAndHead, context =>
        {
            context.Response.Headers.ContentDisposition = "attachment; filename=\"data.jsonl\"";
            return BinaryReply.DownloadAsync(context, "application/octet-stream", context.Behavior().BodyBytes ?? LengthOf(Id(context)));
        });
    }

    public static string Object(string id, long bytes, string name, string purpose) =>
        $$"""{"id":{{Json.Quote(id)}},"object":"file","bytes":{{bytes}},"created_at":{{Ids.Now()}},"expires_at":null,"filename":{{Json.Quote(name)}},"purpose":{{Json.Quote(purpose)}},"status":"processed","status_details":null}""";

    public static string NewId(long bytes) => $"{Ids.New(Prefix)}{bytes.ToString($"x{LengthDigits}", CultureInfo.InvariantCulture)}";

    private static async Task PostAsync(HttpContext context)
    {
        var form = await MultipartForm.ReadAsync(context);
        if (form.Files == 0)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "'file' is a required property", param: "file");
        }

        await Reply.JsonAsync(context, Object(NewId(form.FileBytes), form.FileBytes, form.FileName, form["purpose"]));
    }

    private static long LengthOf(string id)
        => id.Length == Prefix.Length + Ids.Length + LengthDigits
        && long.TryParse(id.AsSpan(id.Length - LengthDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length)
            ? length
            : UnknownLength;

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
