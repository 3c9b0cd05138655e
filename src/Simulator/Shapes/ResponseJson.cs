using System.Globalization;
using OpenAIProxy.Simulator.Behaviors;

namespace OpenAIProxy.Simulator.Shapes;

/// <summary>The Response object and its parts.</summary>
internal static class ResponseJson
{
    /// <summary>True for the statuses that a response can have.</summary>
    public static bool IsStatus(string text) => text is "queued" or "in_progress" || IsOver(text);

    /// <summary>True for the statuses of a response that has ended, and tells its usage.</summary>
    public static bool IsOver(string status) => status is "completed" or "incomplete" or "failed" or "cancelled";

    /// <summary>A response as far as <see cref="Behavior.ResponseStatus"/> says: with output and usage if it is over.</summary>
    public static string Of(string id, string model, string text, Behavior behavior, bool background = false)
        => IsOver(behavior.ResponseStatus)
            ? Response(
                id, model, behavior, behavior.ResponseStatus, Ids.Now().ToString(CultureInfo.InvariantCulture), Output(id, text, behavior),
                UsageJson.Response(behavior.Tokens), background)
            : Unfinished(id, model, behavior, behavior.ResponseStatus, background);

    /// <summary>A response that has no output yet.</summary>
    public static string Unfinished(string id, string model, Behavior behavior, string status, bool background = false)
        => Response(id, model, behavior, status, "null", "[]", "null", background);

    public static string MessageId(string responseId) => $"msg_{responseId[(responseId.IndexOf('_', StringComparison.Ordinal) + 1)..]}";

    public static string Message(string responseId, string status, string? text) =>
        $$"""{"id":{{Json.Quote(MessageId(responseId))}},"type":"message","status":"{{status}}","role":"assistant","content":[{{(text is null ? "" : TextPart(text))}}]}""";

    public static string TextPart(string text) => $$"""{"type":"output_text","text":{{Json.Quote(text)}},"annotations":[],"logprobs":[]}""";

    private static string Output(string id, string text, Behavior behavior)
        => Json.List(behavior.Tools.Select((tool, index) => ToolCalls.Item(id, tool, index)).Append(Message(id, "completed", text)));

    private static string Response(
        string id, string model, Behavior behavior, string status, string completedAt, string output, string usage, bool background)
    {
        var error = status == "failed" ? """{"code":"server_error","message":"The simulator was told to fail."}""" : "null";
        var incomplete = status == "incomplete" ? """{"reason":"max_output_tokens"}""" : "null";
        return $$$"""{"id":{{{Json.Quote(id)}}},"object":"response","created_at":{{{Ids.Now()}}},"completed_at":{{{completedAt}}},"status":"{{{status}}}","background":{{{(background ? "true" : "false")}}},"error":{{{error}}},"incomplete_details":{{{incomplete}}},"instructions":null,"max_output_tokens":null,"model":{{{Json.Quote(behavior.Answered(model))}}},"output":{{{output}}},"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"service_tier":{{{Json.Quote(behavior.ServiceTier)}}},"store":true,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled","usage":{{{usage}}},"metadata":{}}""";
    }
}
