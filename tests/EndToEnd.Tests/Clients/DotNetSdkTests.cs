using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Audio;
using OpenAI.Chat;
using OpenAI.Files;
using OpenAI.Images;
using OpenAI.Realtime;
using OpenAI.Responses;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Clients;

/// <summary>OpenAI's own .NET SDK, told nothing but the demo's address.</summary>
public sealed class DotNetSdkTests(DemoApp demo)
{
    private readonly OpenAIClient _client = Create(demo);

    [Fact]
    public async Task Chat_Complete_GivesTextAndUsage()
    {
        ChatCompletion answer = await _client.GetChatClient("gpt-4o-mini").CompleteChatAsync("Hello!");

        Assert.NotEmpty(answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.True(answer.Usage.TotalTokenCount > 0);
        Assert.StartsWith("gpt-4o-mini", answer.Model, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_Streaming_GivesTextInPieces()
    {
        var pieces = new List<string>();
        ChatFinishReason? finish = null;
        await foreach (var update in _client.GetChatClient("gpt-4o-mini").CompleteChatStreamingAsync("Hello!"))
        {
            pieces.AddRange(update.ContentUpdate.Select(c => c.Text).Where(t => t.Length > 0));
            finish ??= update.FinishReason;
        }

        Assert.True(pieces.Count > 1);
        Assert.Equal(ChatFinishReason.Stop, finish);
    }

    [Fact]
    public async Task Responses_Create_GivesTextAndUsage()
    {
        ResponseResult answer = await _client.GetResponsesClient().CreateResponseAsync("gpt-4o-mini", "Hello!");

        Assert.Equal(ResponseStatus.Completed, answer.Status);
        Assert.NotEmpty(answer.GetOutputText());
        Assert.True(answer.Usage.TotalTokenCount > 0);
    }

    [Fact]
    public async Task Responses_Streaming_GivesTextInPiecesAndCompletes()
    {
        var pieces = new List<string>();
        StreamingResponseUpdate? last = null;
        await foreach (var update in await _client.GetResponsesClient().CreateResponseStreamingAsync("gpt-4o-mini", "Hello!"))
        {
            last = update;
            if (update is StreamingResponseOutputTextDeltaUpdate piece)
            {
                pieces.Add(piece.Delta);
            }
        }

        Assert.True(pieces.Count > 1);
        var completed = Assert.IsType<StreamingResponseCompletedUpdate>(last);
        Assert.Equal(string.Concat(pieces), completed.Response.GetOutputText());
    }

    [Fact]
    public async Task Embeddings_OfTwoTexts_GiveTwoVectors()
    {
        var answer = await _client.GetEmbeddingClient("text-embedding-3-small").GenerateEmbeddingsAsync(["one", "two"]);

        Assert.Equal(2, answer.Value.Count);
        Assert.All(answer.Value, e => Assert.Equal(1536, e.ToFloats().Length));
    }

    [Fact]
    public async Task Images_Generate_GiveAPicture()
    {
        GeneratedImage image = await _client.GetImageClient("gpt-image-1").GenerateImageAsync("a gateway");

        Assert.Equal("89504E470D0A1A0A", Convert.ToHexString(image.ImageBytes.ToArray().AsSpan(0, 8)));
    }

    [Fact]
    public async Task Speech_Generate_GivesSound()
    {
        BinaryData speech = await _client.GetAudioClient("gpt-4o-mini-tts").GenerateSpeechAsync("Hello!", GeneratedSpeechVoice.Alloy);

        Assert.NotEqual(0, speech.ToMemory().Length);
    }

    [Fact]
    public async Task Transcription_OfAnUpload_GivesText()
    {
        using var sound = new MemoryStream(new byte[100_000]);
        AudioTranscription transcription = await _client.GetAudioClient("whisper-1").TranscribeAudioAsync(sound, "hello.wav");

        Assert.NotEmpty(transcription.Text);
    }

    [Fact]
    public async Task Files_UploadListReadDelete_AllWork()
    {
        var files = _client.GetOpenAIFileClient();
        var content = BinaryData.FromBytes(new byte[12_345]);

        OpenAIFile file = await files.UploadFileAsync(content, "räksmörgås 1.jsonl", FileUploadPurpose.Batch);
        Assert.Equal(12_345, file.SizeInBytes);
        Assert.NotEmpty((await files.GetFilesAsync()).Value);
        Assert.Equal(file.Id, (await files.GetFileAsync(file.Id)).Value.Id);
        Assert.Equal(12_345, (await files.DownloadFileAsync(file.Id)).Value.ToMemory().Length);
        Assert.True((await files.DeleteFileAsync(file.Id)).Value.Deleted);
    }

    [Fact]
    public async Task Moderation_OfAText_Answers()
    {
        var answer = await _client.GetModerationClient("omni-moderation-latest").ClassifyTextAsync("Hello!");

        Assert.False(answer.Value.Flagged);
    }

    [Fact]
    public async Task Models_ListAndGet_Answer()
    {
        var models = _client.GetOpenAIModelClient();
        var all = (await models.GetModelsAsync()).Value;

        Assert.NotEmpty(all);
        Assert.Equal(all[0].Id, (await models.GetModelAsync(all[0].Id)).Value.Id);
    }

    [Fact]
    public async Task Realtime_ATurn_GivesAResponse()
    {
        using var limit = new CancellationTokenSource(HangGuard.Limit);
        using var session = await _client.GetRealtimeClient().StartConversationSessionAsync("gpt-realtime", cancellationToken: limit.Token);
        await session.AddItemAsync(RealtimeItem.CreateUserMessageItem("Hello!"), limit.Token);
        await session.StartResponseAsync(limit.Token);

        var kinds = new List<Type>();
        await foreach (var update in session.ReceiveUpdatesAsync(limit.Token))
        {
            kinds.Add(update.GetType());
            if (update is RealtimeServerUpdateResponseDone or RealtimeServerUpdateError)
            {
                break;
            }
        }

        Assert.Contains(typeof(RealtimeServerUpdateSessionCreated), kinds);
        Assert.Equal(typeof(RealtimeServerUpdateResponseDone), kinds[^1]);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Error_OfTheUpstream_IsTheSdksOwnExceptionWithItsStatus(int status)
    {
        var client = Create(demo, ("x-sim-status", $"{status}"));

        var error = await Assert.ThrowsAsync<ClientResultException>(() => client.GetChatClient("gpt-4o-mini").CompleteChatAsync("Hello!"));

        Assert.Equal(status, error.Status);
        Assert.Contains("\"error\"", error.GetRawResponse()!.Content.ToString(), StringComparison.Ordinal);
        Assert.Equal(status == 429, error.GetRawResponse()!.Headers.TryGetValue("retry-after", out _));
    }

    private static OpenAIClient Create(DemoApp demo, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = demo.BaseUrl,
            // A second try would hide that the first one failed.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = HangGuard.Limit,
        };
        foreach (var (name, value) in headers)
        {
            options.AddPolicy(new HeaderPolicy(name, value), PipelinePosition.PerCall);
        }

        return new OpenAIClient(new ApiKeyCredential(DemoApp.NewKey()), options);
    }

    private sealed class HeaderPolicy(string name, string value) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set(name, value);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set(name, value);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
