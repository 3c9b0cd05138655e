using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Recording;

internal static class RecordedRequestJson
{
    public static string Of(RecordedRequest request) =>
        $$"""
        {"id":{{Json.Quote(request.Id)}},"method":{{Json.Quote(request.Method)}},"target":{{Json.Quote(request.Target)}},"protocol":{{Json.Quote(request.Protocol)}},
        "headers":{{Pairs(request.Headers)}},"trailers":{{Pairs(request.Trailers)}},
        "bodyBytes":{{request.BodyBytes}},"bodySha256":{{Json.Quote(request.BodySha256)}},"body":{{Json.Quote(request.Body)}},
        "aborted":{{Bool(request.Aborted)}},"completed":{{Bool(request.Completed)}}}
        """;

    private static string Pairs(IReadOnlyList<KeyValuePair<string, string>> pairs)
        => Json.List(pairs.Select(p => $"[{Json.Quote(p.Key)},{Json.Quote(p.Value)}]"));

    private static string Bool(bool value) => value ? "true" : "false";
}
