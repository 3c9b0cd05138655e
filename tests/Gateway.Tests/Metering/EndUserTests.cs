using System.Text.Json;
using OpenAIProxy.Contracts;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>The people for whom an application calls: in no record unless it is asked for, hashed or plain, and bounded.</summary>
public sealed class EndUserTests
{
    private const string Key = "Authorization: Bearer " + Keys.Access;
    private const string Header = "X-OpenWebUI-User-Email: ann@example.com";
    private const string Chat = """{"model":"gpt-4o-mini","user":"ann@example.com","messages":[]}""";

    private static readonly (string, string) Plain = ("Metering:EndUsers", "Plain");
    private static readonly (string, string) Headers = ("Metering:EndUserHeaders", "X-Other, X-OpenWebUI-User-Email");

    [Fact]
    public async Task EndUser_ByDefault_IsInNoRecord()
    {
        await using var rig = await StartAsync();

        await CallAsync(rig, Chat, Header);

        var record = await rig.RecordAsync();
        Assert.Empty(record.EndUser);
        Assert.DoesNotContain("ann", JsonSerializer.Serialize(record), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o-mini","user":"ann"}""", "ann")]
    [InlineData("""{"model":"gpt-4o-mini","safety_identifier":"bob","user":"ann"}""", "bob")]
    [InlineData("""{"model":"gpt-4o-mini","user":"ann","safety_identifier":"bob"}""", "bob")]
    [InlineData("""{"model":"gpt-4o-mini","user":" ann "}""", "ann")]
    [InlineData("""{"model":"gpt-4o-mini","user":7}""", "")]
    [InlineData("""{"model":"gpt-4o-mini","messages":[{"user":"ann"}]}""", "")]
    [InlineData("""{"model":"gpt-4o-mini"}""", "")]
    public async Task EndUser_OfTheBody_IsInTheRecord(string body, string endUser)
    {
        await using var rig = await StartAsync(Plain);

        await CallAsync(rig, body);

        Assert.Equal(endUser, (await rig.RecordAsync()).EndUser);
    }

    [Theory]
    [InlineData(Header, "ann@example.com")]
    [InlineData("x-openwebui-user-email: carl\r\nX-Other: dora", "dora")]
    [InlineData("X-Unnamed: carl", "eve")]
    [InlineData("X-Other: ", "eve")]
    public async Task EndUser_OfAHeader_WinsOverTheBodys(string header, string endUser)
    {
        await using var rig = await StartAsync(Plain, Headers);

        await CallAsync(rig, """{"model":"gpt-4o-mini","safety_identifier":"eve"}""", header);

        Assert.Equal(endUser, (await rig.RecordAsync()).EndUser);
    }

    [Fact]
    public async Task EndUser_OfAForm_IsInTheRecord()
    {
        await using var rig = await StartAsync(Plain);
        const string form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt-image-1\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nann\r\n--b--\r\n";

        await rig.ExchangeAsync(
            MeteredRig.Post("POST /v1/images/edits", form, Key, "Content-Type: multipart/form-data; boundary=b"), MeteredRig.Answer("""{"data":[{}]}"""));

        Assert.Equal("ann", (await rig.RecordAsync()).EndUser);
    }

    [Fact]
    public async Task EndUser_Hashed_IsTheSameForItsKeyAndNoNameIsKept()
    {
        await using var rig = await StartAsync(("Metering:EndUsers", "Hashed"));

        await CallAsync(rig, Chat);
        await CallAsync(rig, Chat);
        await CallAsync(rig, Chat.Replace("ann", "bob", StringComparison.Ordinal));
        await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Chat, $"Authorization: Bearer {Keys.SecondAccess}"), MeteredRig.Answer(Answer));

        var users = (await rig.Journal.WaitAsync(4)).Select(r => r.EndUser).ToArray();
        Assert.All(users, user => Assert.Matches("^user_[0-9a-f]{16}$", user));
        Assert.Equal(users[0], users[1]);
        Assert.Equal(3, users.Distinct().Count());
    }

    [Fact]
    public async Task EndUsers_BeyondTheDaysLimit_ShareAName_AndTakeNoneFromModels()
    {
        await using var rig = await StartAsync(Plain, ("Metering:NewNamesPerDay", "2"));

        foreach (var user in (string[])["one", "two", "three", "one"])
        {
            await CallAsync(rig, $$"""{"model":"gpt-4o-mini","user":"{{user}}"}""");
        }

        await rig.ExchangeAsync(
            MeteredRig.Post(MeteredRig.Chat, """{"model":"my-llama"}""", Key), MeteredRig.Answer(Answer.Replace("gpt-4o-mini", "my-llama", StringComparison.Ordinal)));

        var records = await rig.Journal.WaitAsync(5);
        Assert.Equal(["one", "two", UsageDimensions.Other, "one", ""], records.Select(r => r.EndUser));
        Assert.Equal("my-llama", records[4].RequestedModel);
    }

    [Fact]
    public async Task EndUser_ThatNoAnswerProved_HasNoNameOfItsOwn()
    {
        await using var rig = await StartAsync(Plain);

        await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, Chat, Key), MeteredRig.Answer("{}", status: "400 Bad Request"));

        Assert.Equal(UsageDimensions.Other, (await rig.RecordAsync()).EndUser);
    }

    [Theory]
    [InlineData("Metering:EndUserHeaders", "X-User", "but Metering:EndUsers is Off")]
    [InlineData("Metering:EndUsers", "All", "Off, Hashed (as a hash of the name) or Plain (as it is sent)")]
    public void Setting_ThatCantBeUsed_StopsTheStart(string name, string value, string told)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build((name, value)));

        Assert.Contains(told, Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Header_ThatIsNone_StopsTheStart()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(Plain, ("Metering:EndUserHeaders", "X-User:")));

        Assert.Contains("Metering:EndUserHeaders is 'X-User:'", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    private const string Answer = """{"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":1,"total_tokens":11}}""";

    private static Task<MeteredRig> StartAsync(params (string, string)[] settings)
        => MeteredRig.StartAsync([("Access:Keys", $"{Keys.Access} {Keys.SecondAccess}"), .. settings]);

    private static async Task CallAsync(MeteredRig rig, string body, params string[] headers)
        => await rig.ExchangeAsync(MeteredRig.Post(MeteredRig.Chat, body, [Key, .. headers]), MeteredRig.Answer(Answer));
}
