using System.Runtime.InteropServices;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Endpoints;

/// <summary>Embeddings, as numbers or as base64 of little-endian 32-bit floats, which the SDKs ask for.</summary>
internal static class EmbeddingEndpoints
{
    private const int DefaultDimensions = 1536;

    public static void MapEmbeddings(this IEndpointRouteBuilder app) => app.MapPost("/v1/embeddings", PostAsync);

    private static async Task PostAsync(HttpContext context)
    {
        var call = await CallReader.ReadAsync(context);
        var isBase64 = call.EncodingFormat switch
        {
            null or "float" => false,
            "base64" => true,
            _ => throw new ApiException(StatusCodes.Status400BadRequest, "'encoding_format' must be 'float' or 'base64'.", param: "encoding_format"),
        };
        var behavior = context.Behavior();
        var model = behavior.Answered(call.Model);
        behavior.Tally?.Begin(context, "embeddings", model, behavior.Tokens with { Completion = 0 });
        var data = Enumerable.Range(0, call.Inputs).Select(index =>
        {
            var vector = Vector(index, call.Dimensions ?? DefaultDimensions);
            var text = isBase64
                ? $"\"{Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector))}\""
                : Json.List(vector.Select(v => Json.Number((decimal)v)));
            return $$"""{"object":"embedding","index":{{index}},"embedding":{{text}}}""";
        });
        await Reply.JsonAsync(
            context,
            $$"""{"object":"list","data":{{Json.List(data)}},"model":{{Json.Quote(model)}},"usage":{{UsageJson.Embedding(behavior.Tokens)}}}""");
    }

    /// <summary>Multiples of 1/64: the same in both forms.</summary>
    private static float[] Vector(int index, int dimensions) =>
        [.. Enumerable.Range(0, dimensions).Select(i => ((((i + index) * 37) % 127) - 63) / 64f)];
}
