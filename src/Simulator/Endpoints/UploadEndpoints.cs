using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Uploads in parts. Nothing is stored.</summary>
internal static class UploadEndpoints
{
    public static void MapUploads(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/uploads", context => Reply.JsonAsync(context, Object(Ids.New("upload_"), "pending", "null")));
        app.MapPost("/v1/uploads/{id}/parts", PartAsync);
        app.MapPost("/v1/uploads/{id}/complete", context =>
            Reply.JsonAsync(context, Object(Id(context), "completed", FileEndpoints.Object(FileEndpoints.NewId(1024), 1024, "data.jsonl", "user_data"))));
        app.MapPost("/v1/uploads/{id}/cancel", context => Reply.JsonAsync(context, Object(Id(context), "cancelled", "null")));
    }

    private static async Task PartAsync(HttpContext context)
    {
        var form = await MultipartForm.ReadAsync(context);
        await Reply.JsonAsync(
            context,
            $$"""{"id":"{{Ids.New("part_")}}","object":"upload.part","created_at":{{Ids.Now()}},"upload_id":{{Json.Quote(Id(context))}},"bytes":{{form.FileBytes}}}""");
    }

    private static string Object(string id, string status, string file) =>
        $$"""{"id":{{Json.Quote(id)}},"object":"upload","bytes":1024,"created_at":{{Ids.Now()}},"expires_at":{{Ids.Now() + 3600}},"filename":"data.jsonl","purpose":"user_data","status":"{{status}}","file":{{file}}}""";

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
