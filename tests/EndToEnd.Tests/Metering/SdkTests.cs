using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>OpenAI's own .NET SDK through a gateway that meters: it sees what OpenAI would have sent, and the ledger has what was used.</summary>
[Collection(nameof(MeteredApp))]
public sealed class SdkTests
{
    private const string Model = "sim-sdk";

    [Fact]
    public async Task Stream_ThatAsksForUsage_SeesItAndIsInTheLedger()
    {
        await using var app = await MeteredApp.StartAsync();
        ChatTokenUsage? usage = null;
        // This SDK asks for the usage of every stream.
        await foreach (var update in Create(app).GetChatClient(Model).CompleteChatStreamingAsync("Hello!"))
        {
            usage = update.Usage ?? usage;
        }

        Assert.Equal((20, 8), (usage?.InputTokenCount, usage?.OutputTokenCount));
        await AssertOneCallAsync(app);
    }

    [Fact]
    public async Task Stream_ThatDoesNotAskForUsage_SeesNoneAndIsInTheLedger()
    {
        await using var app = await MeteredApp.StartAsync();
        using var body = BinaryContent.Create(BinaryData.FromString($$"""{"model":"{{Model}}","stream":true,"messages":[{"role":"user","content":"Hello!"}]}"""));
        using var direct = BinaryContent.Create(BinaryData.FromString($$"""{"model":"{{Model}}","stream":true,"messages":[{"role":"user","content":"Hello!"}]}"""));

        var through = await Create(app).GetChatClient(Model).CompleteChatAsync(body, new RequestOptions());
        var upstream = await Create(app, app.Simulator.Address).GetChatClient(Model).CompleteChatAsync(direct, new RequestOptions());

        var events = Events(through);
        // "usage":null stays: nothing but the extra chunk is taken out.
        Assert.DoesNotContain("_tokens", string.Concat(events), StringComparison.Ordinal);
        Assert.Equal(Events(upstream).Length, events.Length);
        Assert.Equal("data: [DONE]", events[^1]);
        await AssertOneCallAsync(app);
    }

    private static string[] Events(ClientResult answer)
        => answer.GetRawResponse().Content.ToString().Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    private static async Task AssertOneCallAsync(MeteredApp app)
    {
        var rows = await app.Ledger.UntilAsync(rows => rows.Count > 0, "the call is in the ledger");
        Assert.Equal((1, 0, 0, 20, 8), (rows.Single().Requests, rows.Single().Cut, rows.Single().Estimated, rows.Single().Input, rows.Single().Output));
    }

    private static OpenAIClient Create(MeteredApp app, Uri? address = null) => new(
        new ApiKeyCredential(app.Keys[0]),
        new OpenAIClientOptions
        {
            Endpoint = new Uri(address ?? app.Gateway.Address, "/v1"),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = HangGuard.Limit,
        });
}
