using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Usage.Tests.Answers;

public sealed class JobTests
{
    private const string Usage =
        """{"input_tokens":36,"input_tokens_details":{"cached_tokens":6},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}""";

    [Theory]
    [InlineData("completed", "usage", "gpt-5 batch free\ngpt-5 batch tokens in=36 cached=6 out=87 reasoning=64 once(batch_1)")]
    [InlineData("expired", "usage", "gpt-5 batch free\ngpt-5 batch tokens in=36 cached=6 out=87 reasoning=64 once(batch_1)")]
    [InlineData("cancelled", "usage", "gpt-5 batch free\ngpt-5 batch tokens in=36 cached=6 out=87 reasoning=64 once(batch_1)")]
    [InlineData("completed", "other", "gpt-5 batch free\ngpt-5 batch unmetered once(batch_1)")]
    [InlineData("in_progress", "usage", "gpt-5 default free")]
    [InlineData("validating", "other", "gpt-5 default free")]
    public void Batch_IsCountedAtItsEnd(string status, string usage, string expected) => Cut.Anywhere(
        MeterKind.Batch,
        Cut.Json,
        $$"""{"id":"batch_1","object":"batch","model":"gpt-5","status":"{{status}}","errors":null,"request_counts":{"total":3,"completed":2,"failed":1},"{{usage}}":{{Usage}},"metadata":{"usage":"x"} }""",
        expected);

    [Theory]
    [InlineData("failed")]
    [InlineData("cancelled")]
    [InlineData("expired")]
    public void Batch_ThatDidNothing_IsFree(string status) => Cut.Anywhere(
        MeterKind.Batch,
        Cut.Json,
        $$"""{"id":"batch_1","object":"batch","status":"{{status}}","request_counts":{"total":0,"completed":0,"failed":0} }""",
        "- default free");

    [Fact]
    public void Batches_InAList_AreFree() => Cut.Anywhere(
        MeterKind.Batch,
        Cut.Json,
        $$"""{"object":"list","data":[{"id":"batch_1","object":"batch","status":"completed","usage":{{Usage}} }],"first_id":"batch_1"}""",
        "- default free");

    [Theory]
    [InlineData("completed", "gpt-4o default free\ngpt-4o default tokens in=5 out=7 once(run_1)")]
    [InlineData("failed", "gpt-4o default free\ngpt-4o default tokens in=5 out=7 once(run_1)")]
    [InlineData("in_progress", "gpt-4o default free")]
    public void Run_IsCountedAtItsEnd(string status, string expected) => Cut.Anywhere(
        MeterKind.Run,
        Cut.Json,
        $$"""{"id":"run_1","object":"thread.run","model":"gpt-4o","status":"{{status}}","usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12},"tools":[{"id":"x"}]}""",
        expected);

    [Theory]
    [InlineData("""{"id":"step_1","object":"thread.run.step","run_id":"run_1","status":"completed","usage":{"prompt_tokens":5,"completion_tokens":7}}""")]
    [InlineData("""{"object":"list","data":[{"id":"run_1","object":"thread.run","status":"completed","usage":{"prompt_tokens":5}}]}""")]
    [InlineData("""{"id":"run_1","object":"thread.run","status":"completed","usage":null}""")]
    public void Run_StepsAndLists_AreFree(string answer) => Cut.Anywhere(MeterKind.Run, Cut.Json, answer, "- default free");

    [Fact]
    public void Run_AsStream_IsCountedOnce() => Cut.Anywhere(
        MeterKind.Run,
        Cut.Events,
        """
        event: thread.run.created
        data: {"id":"run_1","object":"thread.run","status":"queued","model":"gpt-4o","usage":null}

        event: thread.run.step.completed
        data: {"id":"step_1","object":"thread.run.step","status":"completed","usage":{"prompt_tokens":5,"completion_tokens":7}}

        event: thread.run.completed
        data: {"id":"run_1","object":"thread.run","status":"completed","model":"gpt-4o","usage":{"prompt_tokens":15,"completion_tokens":7}}

        event: done
        data: [DONE]


        """,
        "gpt-4o default free\ngpt-4o default tokens in=15 out=7 once(run_1)");
}
