using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Tests.Metering.Charges;

/// <summary>Completion windows of background responses, which only the request names.</summary>
public sealed class WindowTests
{
    private const string Free = "gpt-6.2-sol default free";

    private const string Used = "tokens in=100000 out=10000 once(resp_1)";

    [Theory]
    [InlineData("2h")]
    [InlineData("8h")]
    public async Task Response_ThatIsPolled_IsInTheWindowThatWasAskedFor(string window)
    {
        await using var rig = await MeteredRig.StartAsync();
        await AskAsync(rig, window, Answer("queued"));
        await PollAsync(rig, Answer("in_progress"));
        await PollAsync(rig, Answer("completed"));

        var records = await rig.Journal.WaitAsync(3);
        Assert.Equal($"{Free}\ngpt-6.2-sol {window} free once({CompletionWindow.Mark("resp_1", window)})", Charge.Of(records[0]));
        Assert.Equal(Free, Charge.Of(records[1]));
        Assert.Equal($"gpt-6.2-sol {window} free\ngpt-6.2-sol {window} {Used}", Charge.Of(records[2]));
    }

    [Fact]
    public async Task Response_WithoutWindow_IsOfTheStandardTier()
    {
        await using var rig = await MeteredRig.StartAsync();
        await AskAsync(rig, "soonest", Answer("queued"));
        await PollAsync(rig, Answer("completed"));

        var records = await rig.Journal.WaitAsync(2);
        Assert.Equal([Free, $"{Free}\ngpt-6.2-sol default {Used}"], records.Select(Charge.Of));
    }

    // A window defines the price against the standard tier only.
    [Theory]
    [InlineData("\"service_tier\":\"flex\"", "flex")]
    [InlineData("\"background_options\":{\"completion_window\":\"2h\"}", "2h")]
    [InlineData("\"background_options\":{\"completion_window\":\"soonest\"}", "default")]
    public async Task Response_ThatSaysOtherwise_IsBelieved(string member, string tier)
    {
        await using var rig = await MeteredRig.StartAsync();
        await AskAsync(rig, "8h", Answer("queued"));
        await PollAsync(rig, Answer("completed").Replace("\"background\":true", "\"background\":true," + member));

        var records = await rig.Journal.WaitAsync(2);
        Assert.Equal($"gpt-6.2-sol {tier} free\ngpt-6.2-sol {tier} {Used}", Charge.Of(records[1]));
    }

    [Fact]
    public async Task Response_InAWindowThatNobodyKnows_IsOfTheStandardTierAndMarked()
    {
        await using var rig = await MeteredRig.StartAsync();
        await AskAsync(rig, "30h", Answer("queued"));
        await PollAsync(rig, Answer("completed"));

        var records = await rig.Journal.WaitAsync(2);
        Assert.Equal([Free, $"{Free}\ngpt-6.2-sol default {Used.Replace("once", "estimated once")}"], records.Select(Charge.Of));
    }

    [Fact]
    public async Task Response_ThatDidNotRunInTheBackground_HasNoWindow()
    {
        await using var rig = await MeteredRig.StartAsync();
        await AskAsync(rig, "8h", Answer("completed").Replace("\"background\":true", "\"background\":false"));

        Assert.Equal("gpt-6.2-sol default tokens in=100000 out=10000", Charge.Of(await rig.RecordAsync()));
    }

    [Fact]
    public async Task Stream_ToItsEnd_IsInItsWindow()
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(Request("8h", stream: true), MeteredRig.Chunked(Event("created", "queued") + Event("completed", "completed")));

        Assert.Equal($"gpt-6.2-sol 8h free\ngpt-6.2-sol 8h {Used}", Charge.Of(await rig.RecordAsync()));
    }

    [Fact]
    public async Task Stream_ThatIsResumed_IsInItsWindow()
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(Request("8h", stream: true), MeteredRig.Chunked(Event("created", "queued")));
        await rig.ExchangeAsync(
            Rig.Request("GET /v1/responses/resp_1?stream=true&starting_after=1"), MeteredRig.Chunked(Event("completed", "completed")));

        var records = await rig.Journal.WaitAsync(2);
        Assert.Equal($"gpt-6.2-sol 8h free\ngpt-6.2-sol 8h {Used}", Charge.Of(records[1]));
    }

    // An answer doesn't say the window, and neither need it say that it ran in the background.
    [Fact]
    public async Task Response_ThatDoesNotSayHowItRan_IsCountedIfItIsKnown()
    {
        await using var rig = await MeteredRig.StartAsync();
        await AskAsync(rig, "8h", Answer("queued").Replace("\"background\":true,", ""));
        await PollAsync(rig, Answer("completed").Replace("\"background\":true,", ""));

        var records = await rig.Journal.WaitAsync(2);
        Assert.Equal($"gpt-6.2-sol 8h free\ngpt-6.2-sol 8h {Used}", Charge.Of(records[1]));
    }

    // Ids are unique in one account only.
    [Theory]
    [InlineData(Keys.Caller, "8h")]
    [InlineData("sk-another-0123456789", "default")]
    public async Task Response_OfAnotherAccount_IsAnotherResponse(string key, string tier)
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(Request("8h", stream: false, "Authorization: Bearer " + Keys.Caller), MeteredRig.Answer(Answer("queued")));
        await rig.ExchangeAsync(Rig.Request("GET /v1/responses/resp_1", "Authorization: Bearer " + key), MeteredRig.Answer(Answer("completed")));

        Assert.Equal(tier, (await rig.Journal.WaitAsync(2))[1].Lines[1].Tier);
    }

    private static string Request(string window, bool stream, params string[] headers) => MeteredRig.Post(
        "POST /v1/responses",
        $$"""{"model":"gpt-6.2-sol","background":true,"stream":{{(stream ? "true" : "false")}},"background_options":{"continuation_id":"x","completion_window":"{{window}}"},"input":"x"}""",
        headers);

    private static async Task AskAsync(MeteredRig rig, string window, string answer)
        => await rig.ExchangeAsync(Request(window, stream: false), MeteredRig.Answer(answer));

    private static async Task PollAsync(MeteredRig rig, string answer)
        => await rig.ExchangeAsync(Rig.Request("GET /v1/responses/resp_1"), MeteredRig.Answer(answer));

    private static string Answer(string status)
        => $$"""{"id":"resp_1","object":"response","status":"{{status}}","background":true,"model":"gpt-6.2-sol","usage":"""
            + (status == "completed" ? """{"input_tokens":100000,"output_tokens":10000,"total_tokens":110000}}""" : "null}");

    private static string Event(string type, string status) => $"data: {{\"type\":\"response.{type}\",\"response\":{Answer(status)}}}\n\n";
}
