using System.Globalization;
using OpenAIProxy.Simulator.Behaviors;

namespace OpenAIProxy.Simulator.Shapes;

/// <summary>The Response object and its parts.</summary>
internal static class ResponseJson
{
    /// <summary>A response that is over.</summary>
    public static string Completed(string id, string model, string text, TokenCounts tokens, bool background = false) =>
        Response(id, model, "completed", Ids.Now().ToString(CultureInfo.InvariantCulture), $"[{Message(id, "completed", text)}]", UsageJson.Response(tokens), background);

    /// <summary>A response that has no output yet.</summary>
    public static string Unfinished(string id, string model, string status, bool background = false) =>
        Response(id, model, status, "null", "[]", "null", background);

    public static string MessageId(string responseId) => $"msg_{responseId[(responseId.IndexOf('_', StringComparison.Ordinal) + 1)..]}";

    public static string Message(string responseId, string status, string? text) =>
        $$"""{"id":{{Json.Quote(MessageId(responseId))}},"type":"message","status":"{{status}}","role":"assistant","content":[{{(text is null ? "" : TextPart(text))}}]}""";

    public static string TextPart(string text) => $$"""{"type":"output_text","text":{{Json.Quote(text)}},"annotations":[],"logprobs":[]}""";

    private static string Response(string id, string model, string status, string completedAt, string output, string usage, bool background) =>
        $$$"""{"id":{{{Json.Quote(id)}}},"object":"response","created_at":{{{Ids.Now()}}},"completed_at":{{{completedAt}}},"status":"{{{status}}}","background":{{{(background ? "true" : "false")}}},"error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"model":{{{Json.Quote(Models.Answered(model))}}},"output":{{{output}}},"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":"default","store":true,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled","usage":{{{usage}}},"metadata":{}}""";
}
