using OpenAIProxy.Gateway.Metering;
using OpenAIProxy.Gateway.Metering.Endpoints;
using OpenAIProxy.Usage.Endpoints;

namespace OpenAIProxy.Gateway.Tests.Metering;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("POST", "/v1/chat/completions", "chat", "Completion")]
    [InlineData("POST", "/chat/completions", "chat", "Completion")]
    [InlineData("POST", "/v1/chat/completions/", "chat", "Completion")]
    [InlineData("POST", "//v1//chat/completions", "chat", "Completion")]
    [InlineData("POST", "/V1/Chat/Completions", "chat", "Completion")]
    [InlineData("POST", "/api/v1/chat/completions", "chat", "Completion")]
    [InlineData("POST", "/openai/v1/responses", "responses", "Response")]
    [InlineData("POST", "/openai/deployments/mine/chat/completions", "chat", "Completion")]
    [InlineData("GET", "/v1/chat/completions", "chat", "Free")]
    [InlineData("GET", "/v1/chat/completions/chatcmpl-1/messages", "chat", "Free")]
    [InlineData("DELETE", "/v1/chat/completions/chatcmpl-1", "chat", "Free")]
    [InlineData("POST", "/v1/completions", "completions", "Completion")]
    [InlineData("POST", "/v1/engines/davinci/completions", "completions", "Completion")]
    [InlineData("POST", "/v1/engines/davinci/search", "legacy", "Unmetered")]
    [InlineData("POST", "/v1/responses", "responses", "Response")]
    [InlineData("WS", "/v1/responses", "responses", "ResponseSocket")]
    [InlineData("GET", "/v1/responses/resp_1", "responses", "Response")]
    [InlineData("HEAD", "/v1/responses/resp_1", "responses", "Free")]
    [InlineData("GET", "/v1/responses/resp_1/input_items", "responses", "Free")]
    [InlineData("POST", "/v1/responses/input_tokens", "responses", "Free")]
    [InlineData("POST", "/v1/responses/compact", "responses", "Response")]
    [InlineData("POST", "/v1/responses/resp_1/unheard", "other", "Unmetered")]
    [InlineData("POST", "/v1/embeddings", "embeddings", "Embedding")]
    [InlineData("POST", "/v1/moderations", "moderations", "Free")]
    [InlineData("GET", "/v1/models", "models", "Free")]
    [InlineData("GET", "/v1/models/ft:gpt:a", "models", "Free")]
    [InlineData("POST", "/v1/audio/speech", "speech", "Speech")]
    [InlineData("POST", "/v1/audio/transcriptions", "transcriptions", "Transcription")]
    [InlineData("POST", "/v1/audio/translations", "translations", "Transcription")]
    [InlineData("POST", "/v1/images/edits", "images", "Image")]
    [InlineData("POST", "/v1/videos/video_1/remix", "videos", "Video")]
    [InlineData("GET", "/v1/videos/video_1/content", "videos", "Free")]
    [InlineData("POST", "/v1/videos/video_1", "videos", "Unmetered")]
    [InlineData("POST", "/v1/files", "files", "Free")]
    [InlineData("GET", "/v1/files/file-1/content", "files", "Free")]
    [InlineData("POST", "/v1/uploads/upload_1/parts", "uploads", "Free")]
    [InlineData("GET", "/v1/batches/batch_1", "batches", "Batch")]
    [InlineData("POST", "/v1/vector_stores/vs_1/search", "vector_stores", "Unmetered")]
    [InlineData("POST", "/v1/containers", "containers", "Container")]
    [InlineData("POST", "/v1/containers/cntr_1/files", "containers", "Unmetered")]
    [InlineData("GET", "/v1/containers/cntr_1", "containers", "Free")]
    [InlineData("GET", "/v1/vector_stores", "vector_stores", "Free")]
    [InlineData("POST", "/v1/fine_tuning/jobs", "fine_tuning", "Unmetered")]
    [InlineData("POST", "/v1/fine_tuning/jobs/ftjob-1/cancel", "fine_tuning", "Free")]
    [InlineData("POST", "/v1/threads/thread_1/runs", "runs", "Run")]
    [InlineData("GET", "/v1/threads/thread_1/runs/run_1", "runs", "Run")]
    [InlineData("GET", "/v1/threads/thread_1/runs/run_1/steps/step_1", "runs", "Free")]
    [InlineData("POST", "/v1/threads/thread_1/messages", "threads", "Free")]
    [InlineData("WS", "/v1/realtime", "realtime", "Realtime")]
    [InlineData("WS", "/v1/realtime/translations", "realtime", "Translation")]
    [InlineData("WS", "/v1/live/sessions", "live", "Live")]
    [InlineData("WS", "/v1/files", "files", "Unmetered")]
    [InlineData("POST", "/models/chat/completions", "chat", "Completion")]
    [InlineData("POST", "/v1/projects/p/locations/l/endpoints/openapi/chat/completions", "chat", "Completion")]
    [InlineData("POST", "/v1/files/f/chat/completions", "chat", "Completion")]
    [InlineData("POST", "/v1/files/f/Chat/Completions/", "chat", "Completion")]
    [InlineData("POST", "/v1beta/openai/chat/completions", "chat", "Completion")]
    [InlineData("POST", "/v1/chat/completions/x/completions", "completions", "Completion")]
    [InlineData("POST", "/v1/organization/x/responses", "responses", "Response")]
    [InlineData("POST", "/v1/threads/t/responses", "responses", "Response")]
    [InlineData("POST", "/v1/evals/e/responses", "responses", "Response")]
    [InlineData("POST", "/v1/conversations/c/embeddings", "embeddings", "Embedding")]
    [InlineData("POST", "/models/embeddings", "embeddings", "Embedding")]
    [InlineData("POST", "/v1/uploads/u/audio/speech", "speech", "Speech")]
    [InlineData("POST", "/v1/skills/s/audio/transcriptions", "transcriptions", "Transcription")]
    [InlineData("POST", "/x/images/generations", "images", "Image")]
    [InlineData("POST", "/x/videos/v/remix", "videos", "Video")]
    [InlineData("POST", "/x/threads/t/runs", "runs", "Run")]
    [InlineData("POST", "/x/responses/resp_1/cancel", "responses", "Response")]
    [InlineData("GET", "/x/responses/resp_1", "responses", "Response")]
    [InlineData("GET", "/x/batches/batch_1", "batches", "Batch")]
    [InlineData("GET", "/v1/files/responses/resp_1", "files", "Free")]
    [InlineData("WS", "/x/realtime", "realtime", "Realtime")]
    [InlineData("WS", "/x/responses", "responses", "ResponseSocket")]
    [InlineData("WS", "/v1/models/live/sessions", "live", "Live")]
    [InlineData("POST", "/v1/files/f", "files", "Unmetered")]
    [InlineData("POST", "/v1/models/x", "models", "Unmetered")]
    [InlineData("PUT", "/v1/files/f/chat/completions", "files", "Unmetered")]
    [InlineData("POST", "/v1/uploads/u/unheard", "other", "Unmetered")]
    [InlineData("POST", "/v1/threads/t/messages/m", "threads", "Free")]
    [InlineData("POST", "/v1/organization/invites", "organization", "Unmetered")]
    [InlineData("PATCH", "/v1/moderations", "moderations", "Unmetered")]
    [InlineData("DELETE", "/v1/models/ft:gpt:a", "models", "Free")]
    [InlineData("WS", "/v1/unheard", "other", "Unmetered")]
    [InlineData("GET", "/v1/unheard/of", "other", "Free")]
    [InlineData("DELETE", "/v1/unheard/of", "other", "Free")]
    [InlineData("POST", "/v1/unheard/of", "other", "Unmetered")]
    [InlineData("PATCH", "/v1/unheard/of", "other", "Unmetered")]
    [InlineData("GET", "/", "other", "Free")]
    [InlineData("POST", "/", "other", "Unmetered")]
    [InlineData("GET", "/dashboard/billing/usage", "account", "Free")]
    public void Path_OfEveryFamily_IsFound(string method, string path, string name, string kind)
    {
        var isUpgrade = method == "WS";

        var row = EndpointMatcher.Find(isUpgrade ? "GET" : method, isUpgrade, path, out _);

        Assert.Equal((name, kind), (row.Name, row.Kind.ToString()));
    }

    [Theory]
    [InlineData("/openai/deployments/mine/chat/completions", "mine")]
    [InlineData("/x/openai/deployments/mine/chat/completions", "mine")]
    [InlineData("/deployments/mine/chat/completions", "mine")]
    [InlineData("/v1/chat/completions", null)]
    [InlineData("/openai/v1/chat/completions", null)]
    public void Deployment_InThePath_IsTheModelAskedFor(string path, string? expected)
    {
        EndpointMatcher.Find("POST", false, path, out var deployment);

        Assert.Equal(expected, deployment);
    }

    [Fact]
    public void Rows_ByTheirOwnPath_AreFound() => Assert.All(EndpointTable.Rows, row =>
    {
        var isUpgrade = row.Method == "WS";
        var method = row.Method switch { "WS" => "GET", "*" => "PUT", _ => row.Method };

        var found = EndpointMatcher.Find(method, isUpgrade, "/v1" + row.Path.Replace("**", "any", StringComparison.Ordinal), out _);

        Assert.Equal((row.Name, row.Kind), (found.Name, found.Kind));
    });

    [Fact]
    public void Find_OnTheHotPath_AllocatesNothing()
    {
        EndpointMatcher.Find("POST", false, "/v1/chat/completions", out _);
        var allocated = Allocations.During(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                EndpointMatcher.Find("POST", false, "/v1/chat/completions", out _);
            }
        });

        Assert.InRange(allocated, 0, 1000);
    }

    [Theory]
    [InlineData("docs/metering.md", "WebSocket", "any other")]
    [InlineData("docs/zh-CN/metering.md", "WebSocket", "其他方法")]
    public void Document_OfEachLanguage_HasTheTable(string file, string socket, string any)
    {
        var rows = File.ReadLines(Repository.PathTo(file)).Select(l => l.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
            .Where(c => c.Length == 4 && c[1].StartsWith("`/", StringComparison.Ordinal)).ToArray();

        Assert.Equal(
            EndpointTable.Rows.Select(r => (r.Method switch { "WS" => socket, "*" => any, var method => method }, $"`{r.Path}`", r.Name)),
            rows.Select(c => (c[0], c[1], c[2])));
        // Each kind is said in the same words everywhere, and no two kinds in the same.
        var meanings = EndpointTable.Rows.Select((r, i) => (r.Kind, rows[i][3])).Distinct().ToArray();
        Assert.Equal(meanings.Length, meanings.DistinctBy(m => m.Kind).Count());
        Assert.Equal(meanings.Length, meanings.DistinctBy(m => m.Item2).Count());
    }

    [Theory]
    [InlineData("https://api.openai.com", "")]
    [InlineData("https://eu.api.openai.com", "eu")]
    [InlineData("https://US.api.openai.com/x", "us")]
    [InlineData("https://api.openai.com.evil.test", "")]
    [InlineData("http://127.0.0.1:8000", "")]
    public void Region_OfTheUpstream_IsItsHostsFirstName(string baseUrl, string region) => Assert.Equal(region, CallMeters.RegionOf(baseUrl));
}
