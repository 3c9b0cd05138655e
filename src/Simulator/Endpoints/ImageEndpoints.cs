using System.Globalization;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;
using OpenAIProxy.Simulator.Streaming;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Images: base64 with usage from GPT image models, addresses without usage from DALL-E.</summary>
internal static class ImageEndpoints
{
    public static void MapImages(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/images/generations", async context =>
            await AnswerAsync(context, await CallReader.ReadAsync(context, modelNeeded: false), "image_generation"));
        app.MapPost("/v1/images/edits", EditAsync);
        app.MapPost("/v1/images/variations", EditAsync);
    }

    private static async Task EditAsync(HttpContext context)
    {
        if (context.Request.HasJsonContentType())
        {
            await AnswerAsync(context, await CallReader.ReadAsync(context, modelNeeded: false), "image_edit");
            return;
        }

        var form = await MultipartForm.ReadAsync(context);
        await AnswerAsync(
            context,
            new CallRequest
            {
                Model = form["model"],
                N = int.TryParse(form["n"], CultureInfo.InvariantCulture, out var n) ? n : 1,
                Stream = form["stream"] == "true",
                ResponseFormat = form["response_format"],
            },
            "image_edit");
    }

    private static Task AnswerAsync(HttpContext context, CallRequest call, string streamPrefix)
    {
        var behavior = context.Behavior();
        var isDallE = call.Model.Length == 0 || call.Model.StartsWith("dall-e", StringComparison.Ordinal);
        behavior.Tally?.Begin(context, "images", call.Model, isDallE ? default : behavior.Tokens);
        if (call.Stream && !isDallE)
        {
            return EventStream.WriteAsync(context, behavior, new ImageScript(streamPrefix, behavior));
        }

        var image = isDallE && call.ResponseFormat != "b64_json"
            ? """{"url":"https://images.simulator.invalid/image.png","revised_prompt":"A picture"}"""
            : $$"""{"b64_json":"{{Images.Png}}"}""";
        var data = Json.List(Enumerable.Repeat(image, call.N));
        return Reply.JsonAsync(context, isDallE
            ? $$"""{"created":{{Ids.Now()}},"data":{{data}}}"""
            : $$"""{"created":{{Ids.Now()}},"size":"1024x1024","quality":"high","output_format":"png","background":"opaque","data":{{data}},"usage":{{UsageJson.Image(behavior.Tokens)}}}""");
    }
}
