namespace OpenAIProxy.EndToEnd.Tests.Clients;

/// <summary>OpenAI's own npm SDK; what each row does stands in <c>npm/sdk.test.mjs</c>.</summary>
public sealed class NpmSdkTests(NpmSdk sdk) : IClassFixture<NpmSdk>
{
    public static TheoryData<string> Calls { get; } =
    [
        "chat", "chat, streaming", "chat, streaming, broken off by the client",
        "responses", "responses, streaming", "responses, over a WebSocket",
        "embeddings", "images", "speech", "transcription", "files", "moderations", "models", "realtime",
        "error 400", "error 401", "error 403", "error 404", "error 429", "error 500",
    ];

    [Theory]
    [MemberData(nameof(Calls))]
    public void Call_ThroughTheGateway_Works(string call)
        => Assert.True(sdk.Results.TryGetValue(call, out var worked) && worked, $"{call}:{Environment.NewLine}{sdk.Report}");

    [Fact]
    public void Script_HasNoTestThatIsNotARowHere() => Assert.Empty(sdk.Results.Keys.Except(Calls.Select(c => c.Data)));
}
