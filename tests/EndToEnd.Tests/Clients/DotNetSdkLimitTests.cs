using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Clients;

/// <summary>OpenAI's own .NET SDK beyond a limit, with its own rules for trying again.</summary>
public sealed class DotNetSdkLimitTests
{
    private const string Key = "fk-T3BlbkFJ-limited-by-the-second";

    [Fact]
    public async Task Chat_BeyondALimit_WaitsAsToldAndSucceeds()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var gateway = await StartAsync(simulator, ("Access:Keys:0:Limits:Requests", "2/second"));
        var tries = new Tries();
        var chat = Create(gateway, tries).GetChatClient("gpt-4o-mini");

        for (var i = 0; i < 5; i++)
        {
            ChatCompletion answer = await chat.CompleteChatAsync("Hello!");
            Assert.NotEmpty(answer.Content[0].Text);
        }

        Assert.Equal(5, tries.Statuses.Count(status => status == 200));
        // It waits as long as it is told, so that each call is refused once at most.
        Assert.InRange(tries.Statuses.Count(status => status == 429), 1, 5);
    }

    [Fact]
    public async Task Chat_BeyondALimitOfADay_StopsAfterItsTriesAndTellsWhy()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var gateway = await StartAsync(simulator, ("Access:Keys:0:Limits:Requests", "1/day"));
        var chat = Create(gateway, new Tries(), retries: 0).GetChatClient("gpt-4o-mini");
        await chat.CompleteChatAsync("Hello!");

        var error = await Assert.ThrowsAsync<ClientResultException>(() => chat.CompleteChatAsync("Hello!"));

        Assert.Equal(429, error.Status);
        Assert.Contains("rate_limit_exceeded", error.Message, StringComparison.Ordinal);
        Assert.Contains("Please try again in 25h12m0s", error.Message, StringComparison.Ordinal);
    }

    private static Task<GatewayHost> StartAsync(SimulatorHost simulator, params (string, string)[] limits)
        => GatewayHost.StartAsync(simulator.Address, [("OpenAI:ApiKey", "sk-T3BlbkFJ-of-the-operator"), ("Access:Keys:0:Key", Key), .. limits]);

    private static OpenAIClient Create(GatewayHost gateway, Tries tries, int retries = 3)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = new Uri(gateway.Address, "v1"),
            RetryPolicy = new ClientRetryPolicy(retries),
            NetworkTimeout = HangGuard.Limit,
        };
        options.AddPolicy(tries, PipelinePosition.PerTry);
        return new OpenAIClient(new ApiKeyCredential(Key), options);
    }

    /// <summary>Notes the status of each try.</summary>
    private sealed class Tries : PipelinePolicy
    {
        public List<int> Statuses { get; } = [];

        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            ProcessNext(message, pipeline, currentIndex);
            Statuses.Add(message.Response!.Status);
        }

        public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            await ProcessNextAsync(message, pipeline, currentIndex);
            Statuses.Add(message.Response!.Status);
        }
    }
}
