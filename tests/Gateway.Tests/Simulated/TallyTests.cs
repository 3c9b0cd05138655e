using System.Net;
using OpenAIProxy.Simulator.Recording;

namespace OpenAIProxy.Gateway.Tests.Simulated;

/// <summary>The simulator counts what it has answered.</summary>
public sealed class TallyTests(SimulatorRig rig) : IClassFixture<SimulatorRig>
{
    private const string Chat = """{"model":"m-chat","messages":[]}""";
    private const string Stream = """{"model":"m-chat","stream":true,"messages":[]}""";

    private readonly string _tag = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Calls_OfSeveralFamilies_AreCountedByFamilyAndModel()
    {
        (string, string)[] headers = [("x-sim-tag", _tag), ("x-sim-prompt-tokens", "100"), ("x-sim-cached-tokens", "40"),
            ("x-sim-completion-tokens", "7"), ("x-sim-reasoning-tokens", "3")];
        await rig.AskAsync("/v1/chat/completions", Chat, headers);
        await rig.AskAsync("/v1/chat/completions", Stream, headers);
        await rig.AskAsync("/v1/responses", """{"model":"gpt-5","input":"hi"}""", headers);
        await rig.AskAsync("/v1/embeddings", """{"model":"m-embed","input":"hi","dimensions":8}""", headers);

        Assert.Equal(
            [
                new TallyRow(_tag, "chat", "m-chat", 2, 2, 200, 14, 80, 6),
                new TallyRow(_tag, "embeddings", "m-embed", 1, 1, 100, 0, 40, 3),
                new TallyRow(_tag, "responses", "gpt-5-2025-08-07", 1, 1, 100, 7, 40, 3),
            ],
            await RowsAsync(3));
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("eof")]
    [InlineData("no-done")]
    [InlineData("error-event")]
    public async Task Answer_ThatDoesNotComeToItsEnd_HasBegunOnly(string fault)
    {
        try
        {
            await rig.AskAsync("/v1/chat/completions", Stream, ("x-sim-tag", _tag), ("x-sim-fault", fault));
        }
        catch (HttpRequestException)
        {
            // Some of them break.
        }

        Assert.Equal([new TallyRow(_tag, "chat", "m-chat", 1, 0, 0, 0, 0, 0)], Rows());
    }

    [Theory]
    [InlineData("x-sim-status", "500")]
    [InlineData("x-sim-fault", "error-200")]
    public async Task Failure_IsNoCall(string header, string value)
    {
        await rig.AskAsync("/v1/chat/completions", Chat, ("x-sim-tag", _tag), (header, value));

        Assert.Empty(Rows());
    }

    [Fact]
    public async Task Calls_AtTheSameTime_AreAllCounted()
    {
        await Parallel.ForAsync(0, 2_000, async (_, _) => await rig.AskAsync("/v1/chat/completions", Chat, ("x-sim-tag", _tag)));

        Assert.Equal([new TallyRow(_tag, "chat", "m-chat", 2_000, 2_000, 40_000, 16_000, 0, 0)], await RowsAsync(1));
    }

    [Fact]
    public async Task Tally_AskedForOverHttp_IsTheSameAndCanBeginAnew()
    {
        await using var other = new SimulatorRig();
        await other.InitializeAsync();
        await other.AskAsync("/v1/chat/completions", Chat, ("x-sim-tag", _tag));
        await HangGuard.Until(() => other.Simulator.Tally.Rows() is [{ Answered: 1 }], "answered");

        var row = (await other.AskJsonAsync("/sim/tally", null))[0];
        using var reset = await other.Client.DeleteAsync("/sim/tally");

        Assert.Equal((_tag, "chat", "m-chat"),
            (row.GetProperty("tag").GetString(), row.GetProperty("family").GetString(), row.GetProperty("model").GetString()));
        Assert.Equal((1, 1, 20, 8), (Number("begun"), Number("answered"), Number("promptTokens"), Number("completionTokens")));
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Equal(0, (await other.AskJsonAsync("/sim/tally", null)).GetArrayLength());

        int Number(string name) => row.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Tally_NotAskedFor_IsNotThere()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        using var client = new HttpClient { BaseAddress = simulator.Address };
        using var answer = await client.GetAsync("/sim/tally");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private TallyRow[] Rows() => [.. rig.Simulator.Tally.Rows().Where(r => r.Tag == _tag).OrderBy(r => r.Family, StringComparer.Ordinal)];

    // A client has its answer a moment before the simulator knows that it has.
    private async Task<TallyRow[]> RowsAsync(int count)
    {
        await HangGuard.Until(() => Rows() is var rows && rows.Length == count && rows.All(r => r.Begun == r.Answered), "all is answered");
        return Rows();
    }
}
