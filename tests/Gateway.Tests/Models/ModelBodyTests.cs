namespace OpenAIProxy.Gateway.Tests.Models;

/// <summary>The models that bodies name, in every place and spelling: a key with a list uses no others.</summary>
public sealed class ModelBodyTests : IAsyncLifetime
{
    private const string Chat = "/v1/chat/completions";
    private const string Responses = "/v1/responses";

    private static readonly (int, string, string?) NotAllowed = (403, "model_not_allowed", "model");
    private static readonly (int, string, string?) Unreadable = (400, "model_unreadable", "model");

    private Rig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await ModelRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(Chat, """{"model":"gpt-4o","messages":[]}""")]
    [InlineData(Chat, """{"model":"gpt-4o-mini-2024-07-18"}""")]
    [InlineData(Chat, """{"model":"ft:gpt-4o:acme::abc"}""")]
    [InlineData(Chat, """{"messages":[{"role":"user","content":"{\"model\":\"gpt-5\"}","model":"gpt-5"}],"model":"gpt-4o"}""")]
    [InlineData(Chat, """{"metadata":{"model":"gpt-5"},"mod\u0065l":"gpt-4o"}""")]
    [InlineData(Chat, """{"model":"gpt-4o","Model":"gpt-4o-mini"}""")]
    [InlineData(Chat, """{"model":"gpt-4o","tools":[{"type":"function","function":{"parameters":{"properties":{"model":{"const":"gpt-5"}}}}}]}""")]
    [InlineData(Chat, """{"model":"gpt-4o","models":["gpt-4o-mini"],"fallbacks":[{"gpt-4o":["gpt-4o-mini"]}]}""")]
    [InlineData(Responses, """{"model":"gpt-4o","prompt":{"id":"pmpt_1"},"tools":[{"type":"image_generation","model":"gpt-4o-mini-image"}]}""")]
    [InlineData("/v1/threads/thread_1/runs", """{"assistant_id":"asst_1","model":"gpt-4o"}""")]
    [InlineData("/v1/moderations", """{"input":"x"}""")]
    [InlineData("/v1/conversations", """{"items":[]}""")]
    [InlineData("/v1/vector_stores", """{"name":"gpt-5"}""")]
    [InlineData("/v1/responses/resp_1/cancel", "{}")]
    [InlineData("/v1/assistants/asst_1", """{"name":"x"}""")]
    [InlineData("/v1/fine_tuning/jobs", """{"model":"gpt-4o","method":{"reinforcement":{"grader":{"graders":{"a":{"model":"gpt-4o-mini"}}}}}}""")]
    [InlineData("/v1/rerank", """{"model":"gpt-4o","query":"x"}""")]
    [InlineData("/openai/deployments/gpt-4o/chat/completions?api-version=1", """{"messages":[]}""")]
    [InlineData("/v1/engines/gpt-4o/completions", """{"prompt":"x"}""")]
    [InlineData("/v1beta/models/gpt-4o:generateContent", """{"contents":[]}""")]
    public async Task Body_ThatNamesAllowedModelsOnly_PassesByteForByte(string target, string body)
    {
        var (request, answer) = await _rig.ExchangeAsync(ModelRig.Post(target, body));

        Assert.Equal(body, request.Text);
        Assert.Equal(200, answer.Head.Status);
    }

    [Theory]
    [InlineData(Chat, """{"model":"gpt-5","messages":[]}""")]
    [InlineData(Chat, """{"model":"gpt-4"}""")]
    [InlineData(Chat, """{"model":"GPT-4o"}""")]
    [InlineData(Chat, """{"model":" gpt-4o"}""")]
    [InlineData(Chat, """{"model":"gpt-4o-mini\nx"}""")]
    [InlineData(Chat, """{"model":"gpt-4o\u0000"}""")]
    [InlineData(Chat, """{"model":"ft:gpt-4o:other::abc"}""")]
    [InlineData(Chat, """{"model":"gpt-4o","model":"gpt-5"}""")]
    [InlineData(Chat, """{"model":"gpt-5","model":"gpt-4o"}""")]
    [InlineData(Chat, """{"model":"gpt-4o","mod\u0065l":"gpt-5"}""")]
    [InlineData(Chat, """{"model":"gpt-4o","MODEL":"gpt-5"}""")]
    [InlineData(Chat, """{"model":"gpt-4o", "model" : "\u0067pt-5"}""")]
    [InlineData(Chat, """{"model":""}""")]
    [InlineData(Chat, """{"model":null}""")]
    [InlineData(Chat, """{"messages":[]}""")]
    [InlineData(Chat, "{}")]
    [InlineData(Chat, """{"model":"gpt-4o","models":["gpt-5"]}""")]
    [InlineData(Chat, """{"model":"gpt-4o","modelſ":["gpt-5"]}""")]
    [InlineData(Chat, """{"model":"gpt-4o","fallbacks":["gpt-5"]}""")]
    [InlineData(Chat, """{"model":"gpt-4o","fallbacks":[{"model":"gpt-5"}]}""")]
    [InlineData(Chat, """{"model":"gpt-4o","fallbacks":[{"gpt-4o":["gpt-5"]}]}""")]
    [InlineData(Chat, """{"model":"gpt-4o","fallback":"gpt-5"}""")]
    [InlineData(Responses, """{"input":"x","prompt":{"id":"pmpt_1"}}""")]
    [InlineData(Responses, """{"model":"gpt-4o","tools":[{"type":"image_generation","model":"gpt-image-1"}]}""")]
    [InlineData(Responses, """{"model":"gpt-4o","tools":[{"type":"image_generation"}]}""")]
    [InlineData(Responses, """{"model":"gpt-4o","tools":[{"type":"image_generation","tools":[{"type":"function","model":"gpt-4o"}]}]}""")]
    [InlineData(Responses, """{"model":"gpt-4o","tools":[{"type":"namespace","tools":[{"type":"image_generation","model":"gpt-image-1"}]}]}""")]
    [InlineData("/v1/embeddings", """{"model":"text-embedding-3-small","input":"x"}""")]
    [InlineData("/v1/images/generations", """{"prompt":"x"}""")]
    [InlineData("/v1/moderations", """{"model":"omni-moderation-latest","input":"x"}""")]
    [InlineData("/v1/batches", """{"input_file_id":"file-1","endpoint":"/v1/responses","completion_window":"24h"}""")]
    [InlineData("/v1/videos/video_1/remix", """{"prompt":"x","model":"gpt-4o"}""")]
    [InlineData("/v1/threads/thread_1/runs", """{"assistant_id":"asst_1"}""")]
    [InlineData("/v1/threads/thread_1/runs/run_1/submit_tool_outputs", """{"tool_outputs":[]}""")]
    [InlineData("/v1/assistants", """{"model":"gpt-5"}""")]
    [InlineData("/v1/fine_tuning/jobs", """{"model":"gpt-5","training_file":"file-1"}""")]
    [InlineData("/v1/fine_tuning/jobs", """{"model":"gpt-4o","method":{"reinforcement":{"grader":{"graders":{"a":{"model":"o3"}}}}}}""")]
    [InlineData("/v1/evals", """{"testing_criteria":[{"type":"label_model","model":"gpt-5"}]}""")]
    [InlineData("/v1/evals/eval_1/runs", """{"data_source":{"model":"gpt-4o"}}""")]
    [InlineData("/v1/rerank", """{"model":"rerank-3"}""")]
    [InlineData("/v1/rerank", """{"query":"x"}""")]
    [InlineData("/openai/deployments/gpt-5/chat/completions", """{"messages":[]}""")]
    [InlineData("/openai/deployments/gpt-4o/chat/completions", """{"model":"gpt-5"}""")]
    [InlineData("/openai/deployments/gpt%2D5/chat/completions", """{"messages":[]}""")]
    [InlineData("/v1/engines/gpt-5/completions", """{"prompt":"x"}""")]
    [InlineData("/v1beta/models/gemini-pro:generateContent", """{"contents":[]}""")]
    [InlineData("/v1/chat/completions?model=gpt-5", """{"model":"gpt-4o"}""")]
    [InlineData("/v1/chat/completions?x=1&mod%65l=gpt-5", """{"model":"gpt-4o"}""")]
    [InlineData("/v1/chat/completions?model=gpt-4o", """{"messages":[]}""")]
    public async Task Body_ThatNamesAnotherModelOrNone_Gets403(string target, string body)
        => Assert.Equal(NotAllowed, await _rig.ErrorAsync(ModelRig.Post(target, Latin1(body))));

    [Theory]
    [InlineData("""{"model":"gpt-4o",}""")]
    [InlineData("""{"model":"gpt-4o" """)]
    [InlineData("""{'model':'gpt-4o'}""")]
    [InlineData("""{model:"gpt-4o"}""")]
    [InlineData("""{"model":"gpt-4o"/*,"model":"gpt-5"*/}""")]
    [InlineData("""{"model":"gpt-4o"}{"model":"gpt-5"}""")]
    [InlineData("""[{"model":"gpt-4o"}]""")]
    [InlineData("""{"model":["gpt-4o"]}""")]
    [InlineData("""{"model":{"name":"gpt-4o"}}""")]
    [InlineData("""{"model":4}""")]
    [InlineData("model=gpt-4o")]
    [InlineData("{\0\"\0m\0o\0d\0e\0l\0\"\0:\0\"\0x\0\"\0}\0")]
    public async Task Body_ThatIsNotStrictlyJson_Gets400(string body)
        => Assert.Equal(Unreadable, await _rig.ErrorAsync(ModelRig.Post(Chat, body)));

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json, text/plain")]
    [InlineData("multipart/mixed; boundary=b")]
    [InlineData("application/octet-stream")]
    public async Task Body_OfAnotherType_Gets400(string type)
        => Assert.Equal(Unreadable, await _rig.ErrorAsync(ModelRig.Post(Chat, """{"model":"gpt-4o"}""", type)));

    [Fact]
    public async Task Body_ThatIsCompressed_Gets400()
        => Assert.Equal(
            Unreadable,
            await _rig.ErrorAsync(ModelRig.Post(Chat, """{"model":"gpt-4o"}""", "application/json", "Content-Encoding: gzip")));

    [Theory]
    [InlineData("azureml-model-deployment: other")]
    [InlineData("x-portkey-config: {}")]
    public async Task Header_ByWhichOthersChooseAModel_Gets403(string header)
        => Assert.Equal(
            NotAllowed, await _rig.ErrorAsync(ModelRig.Post(Chat, """{"model":"gpt-4o"}""", "application/json", header)));

    [Fact]
    public async Task Request_WithoutABody_Gets403()
        => Assert.Equal(NotAllowed, await _rig.ErrorAsync(Rig.Request($"POST {Chat}", $"Authorization: Bearer {ModelRig.Limited}", "Content-Length: 0")));

    [Theory]
    [InlineData("GET /v1/responses/resp_1")]
    [InlineData("GET /v1/chat/completions?limit=2")]
    [InlineData("DELETE /v1/files/file-1")]
    [InlineData("GET /v1/models/gpt-4o")]
    [InlineData("GET /v1/models/ft%3Agpt-4o%3Aacme%3A%3Aabc")]
    [InlineData("GET /v1/batches/batch_1")]
    public async Task Request_ThatRunsNoModel_Passes(string request)
        => Assert.Equal(200, (await _rig.ExchangeAsync(ModelRig.Bare(request))).Answer.Head.Status);

    [Theory]
    [InlineData("GET /v1/models/gpt-5")]
    [InlineData("GET /v1/models/gpt-4o/x")]
    [InlineData("DELETE /v1/models/ft:gpt-4o:other::abc")]
    public async Task Request_ForAnotherModel_Gets403(string request)
        => Assert.Equal(NotAllowed, await _rig.ErrorAsync(ModelRig.Bare(request)));

    [Fact]
    public async Task Key_WithoutAList_UsesEveryModel()
    {
        const string body = """{"model":"gpt-5"}""";
        var (request, _) = await _rig.ExchangeAsync(ModelRig.Post(Chat, body).Replace(ModelRig.Limited, ModelRig.Free, StringComparison.Ordinal));

        Assert.Equal(body, request.Text);
    }

    // The wire carries UTF-8; the rig's texts are Latin-1.
    private static string Latin1(string text) => System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
