using System.Text;
using System.Text.Json;
using OpenAIProxy.Gateway.ChatLog.Joining;

namespace OpenAIProxy.Gateway.Tests.ChatLog;

/// <summary>What the events of a stream are joined to.</summary>
public sealed class StreamJoinTests
{
    private static readonly string[] Response =
    [
        """{"type":"response.created","response":{"id":"r1","status":"in_progress"}}""",
        """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"He"}""",
        """{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{\"a\":"}""",
        """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"llo"}""",
        """{"type":"response.function_call_arguments.delta","output_index":1,"delta":"1}"}""",
        """{"type":"response.incomplete","response":{"id":"r1","status":"incomplete"}}""",
    ];

    [Fact]
    public void Tools_ComeInPieces()
        => Assert.Equal(
            """{"choices":[{"index":0,"message":{"role":"assistant","tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Lima\"}"}},{"index":1,"id":"call_2","function":{"name":"time","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""",
            Joined(
                """{"choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}]}""",
                """{"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"","function":{"name":"weather","arguments":"{\"city\":"}}]}}]}""",
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"call_2","function":{"name":"time","arguments":"{}"}}]}}]}""",
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"Lima\"}"}}]}}]}""",
                """{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}],"usage":null}"""));

    [Fact]
    public void Choices_AreKeptApart_WithRefusalAndLogprobs()
        => Assert.Equal(
            """{"choices":[{"index":0,"message":{"refusal":"I can't."},"finish_reason":"stop"},{"index":1,"message":{"content":"ab"},"logprobs":{"content":[{"token":"a"},{"token":"b"}]}}]}""",
            Joined(
                """{"choices":[{"index":1,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a"}]}},{"index":0,"delta":{"refusal":"I "}}]}""",
                """{"choices":[{"index":0,"delta":{"refusal":"can't."},"finish_reason":"stop"},{"index":1,"delta":{"content":"b"},"logprobs":{"content":[{"token":"b"}]}}],"obfuscation":"xyz"}"""));

    [Fact]
    public void WhatAServerAddsToAChoice_IsWhatItSaidLast_AndNotStrungTogether()
        => Assert.Equal(
            """{"choices":[{"index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"low"}},"message":{"content":"Hello"},"stop_reason":"end","finish_reason":"stop"}]}""",
            Joined(
                """{"choices":[{"index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}},"delta":{"content":"Hel"},"stop_reason":"none","finish_reason":null}]}""",
                """{"choices":[{"index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"low"}},"delta":{"content":"lo"},"stop_reason":"none","finish_reason":null}]}""",
                """{"choices":[{"index":0,"content_filter_results":{},"delta":{},"stop_reason":"end","finish_reason":"stop"}]}"""));

    [Fact]
    public void Completion_IsItsText_AndAnErrorInItStands()
        => Assert.Equal(
            """{"id":"cmpl-1","object":"text_completion","choices":[{"text":"Hello","index":0,"finish_reason":"length"}],"error":{"message":"overloaded"}}""",
            Joined(
                """{"id":"cmpl-1","object":"text_completion","choices":[{"text":"Hel","index":0,"finish_reason":null}]}""",
                """{"id":"cmpl-1","object":"text_completion","choices":[{"text":"lo","index":0,"finish_reason":"length"}]}""",
                """{"error":{"message":"overloaded"}}"""));

    [Fact]
    public void Response_ThatEnds_IsWhatItsLastEventShows() => Assert.Equal("""{"id":"r1","status":"incomplete"}""", Joined(Response));

    [Fact]
    public void Response_ThatIsCutOff_IsWhatCame()
        => Assert.Equal(
            """{"response":{"id":"r1","status":"in_progress"},"partial":[{"type":"response.output_text","output_index":0,"content_index":0,"text":"Hello"},{"type":"response.function_call_arguments","output_index":1,"content_index":0,"text":"{\"a\":1}"}]}""",
            Joined(Response[..^1]));

    [Fact]
    public void StreamCutAnywhere_IsJson()
    {
        string[] chat = ["""{"choices":[{"index":0,"delta":{"content":"é"}}]}""", """{"choices":"none","index":[1,{"index":"x"}]}""", """{"choices":[7,{"index":-1,"delta":3}]}"""];
        foreach (var events in new[] { Response, chat, [.. chat, .. Response], ["1", "\"x\"", "[]", "{}", "nonsense"] })
        {
            var stream = Stream(events);
            for (var length = 0; length <= stream.Length; length++)
            {
                using var json = JsonDocument.Parse(StreamJoin.Join(stream.AsMemory(0, length)).Json);
            }
        }
    }

    private static string Joined(params string[] events) => Encoding.UTF8.GetString(StreamJoin.Join(Stream(events)).Json.Span);

    private static byte[] Stream(params string[] events)
        => Encoding.UTF8.GetBytes(string.Concat(events.Select(data => $"event: x\ndata: {data}\n\n")) + "data: [DONE]\n\n");
}
