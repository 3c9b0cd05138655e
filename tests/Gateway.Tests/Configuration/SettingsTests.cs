using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Configuration;

/// <summary>What can't be meant stops the start, with everything that is wrong in one message.</summary>
public sealed class SettingsTests
{
    public static TheoryData<string> Names { get; } = [.. GatewaySettings.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_AtTheEndsOfTheRangeThatIsTold_IsAllowed_AndOneBeyondIsNot(string name)
    {
        foreach (var (value, isAllowed) in SettingRange.Of(GatewaySettings.All.Single(s => s.Name == name)))
        {
            if (isAllowed)
            {
                ((IDisposable)GatewayHost.Build((name, value))).Dispose();
            }
            else
            {
                var error = Assert.Throws<SettingsException>(() => GatewayHost.Build((name, value)));
                Assert.StartsWith($"{name} is '{value}'; allowed: ", Assert.Single(error.Errors), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Errors_OfManySettings_AreReportedTogether()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(
            ("OpenAI:BaseUrl", "ftp://x"),
            ("Access:AllowAnonymous", "perhaps"),
            ("Access:AllowedNetworks", "10.0.0.0/33"),
            ("Forwarding:IdleTimeout", "never"),
            ("Forwarding:UpstreamHttpVersion", "4"),
            ("Access:Keyz", "x")));

        Assert.All(
            ["OpenAI:BaseUrl", "Access:AllowAnonymous", "Access:AllowedNetworks", "10.0.0.0/33", "Forwarding:IdleTimeout",
                "Forwarding:UpstreamHttpVersion", "Access:Keyz"],
            text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        Assert.Equal(6, error.Errors.Count);
    }

    [Theory]
    [InlineData("ACESS__ALLOWCALLERKEYS", "Access")]
    [InlineData("FORWARDINGS__IDLETIMEOUT", "Forwarding")]
    public void UnknownSection_LikeOneOfOurs_IsAnErrorWithASuggestion(string variable, string suggestion)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build((variable, "false")));

        Assert.Contains($"Did you mean {suggestion}?", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--prot=9000", "--prot")]
    [InlineData("--Acess:AllowCallerKeys=false", "--Acess:AllowCallerKeys")]
    [InlineData("--urls=localhost:8000", "localhost:8000")]
    [InlineData("--urls", "--urls needs a value")]
    [InlineData("-p", "-p")]
    public void Argument_ThatIsNone_StopsTheStart(string argument, string named)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.BuildBare(argument));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Access:Keyz", "Access:Keys")]
    [InlineData("Access:AllowAnonymus", "Access:AllowAnonymous")]
    [InlineData("OpenAI:BaseUri", "OpenAI:BaseUrl")]
    [InlineData("Forwarding:IdleTimout", "Forwarding:IdleTimeout")]
    [InlineData("Forwarding:Unheard:Of", "Forwarding:ConnectTimeout")]
    public void UnknownName_UnderOurSections_IsAnErrorWithASuggestion(string name, string suggestion)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build((name, "true")));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(suggestion, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OpenAI:BaseUrl", "api.openai.com")]
    [InlineData("OpenAI:BaseUrl", "/v1")]
    [InlineData("OpenAI:BaseUrl", "https://api.openai.com/?x=1")]
    [InlineData("OPENAI_BASE_URL", "not an address")]
    [InlineData("Access:AllowAnonymous", "maybe")]
    [InlineData("Access:AllowCallerKeys", "2")]
    [InlineData("Access:DeniedNetworks", "localhost")]
    [InlineData("Access:TrustedProxies", "10.0.0.0/-1")]
    [InlineData("Access:TrustedProxies", "::1/129")]
    [InlineData("IP_WHITELIST", "10.0.0")]
    [InlineData("Access:AllowedOrigins", "chat.example")]
    [InlineData("Access:AllowedOrigins", "https://chat.example/path")]
    [InlineData("Forwarding:RoutePrefix", "/open ai")]
    [InlineData("Forwarding:RoutePrefix", "/../x")]
    [InlineData("Forwarding:ConnectTimeout", "0s")]
    [InlineData("Forwarding:ConnectTimeout", "-1s")]
    [InlineData("Forwarding:FirstByteTimeout", "10 parsecs")]
    [InlineData("TIMEOUT", "soon")]
    [InlineData("Forwarding:IdleTimeout", "99999999d")]
    [InlineData("Forwarding:Proxy", "127.0.0.1:3128")]
    [InlineData("Forwarding:UpstreamHttpVersion", "3")]
    [InlineData("Forwarding:CleartextHttp2", "h2c")]
    [InlineData("services:billing:http:0", "billing")]
    [InlineData("port", "eighty")]
    [InlineData("port", "70000")]
    public void Value_ThatCannotBe_StopsTheStartNamingTheSetting(string name, string value)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build((name, value)));

        Assert.Contains(name, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(":fk-without-a-name-T3BlbkFJ")]
    [InlineData("ann:")]
    [InlineData("a\u202eb:fk-hidden-T3BlbkFJ")]
    [InlineData("ann:bob:fk-two-T3BlbkFJ")]
    [InlineData("fk-the-key-stands-first-T3BlbkFJ:ann")]
    [InlineData("sk-T3BlbkFJ:fk-hidden-T3BlbkFJ")]
    [InlineData("alice:s3cret-of-alice-T3BlbkFJ")]
    public void AccessKey_WithANameThatIsNone_StopsTheStartWithoutShowingIt(string value)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("OpenAI:ApiKey", Keys.Operator), ("FORWARD_KEY", value)));

        Assert.StartsWith("FORWARD_KEY has a value that can't be used; allowed: one or more keys", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void AccessKeys_ThatAreWrong_AreOneErrorWhereOthersCanReachTheGatewayToo()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(
            ("OpenAI:ApiKey", Keys.Operator), ("FORWARD_KEY", "alice:s3cret-T3BlbkFJ bob:s3cret-T3BlbkFJ"), ("urls", "http://*:0")));

        Assert.StartsWith("FORWARD_KEY has a value that can't be used", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void AccessKey_OfTwoNames_StopsTheStartWithoutShowingIt()
    {
        var error = Assert.Throws<SettingsException>(
            () => GatewayHost.Build(("OpenAI:ApiKey", Keys.Operator), ("FORWARD_KEY", $"ann:{Keys.Access} bob:{Keys.Access}")));

        Assert.Contains("'ann' and 'bob'", Assert.Single(error.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain(Keys.Access, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("services:billing:http:0", "http://127.0.0.1:1", "Metering:Enabled is false")]
    [InlineData("Metering:AskForUsage", "false", "no billing service is configured")]
    public void RequireJournal_WhereNothingIsCounted_StopsTheStart(string name, string value, string why)
    {
        var error = Assert.Throws<SettingsException>(
            () => GatewayHost.Build(("Metering:RequireJournal", "true"), ("Metering:Enabled", "false"), (name, value)));

        Assert.Contains("Metering:RequireJournal", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OpenAI:ApiKey", "sk-s\u00e9cret-T3BlbkFJ")]
    [InlineData("OPENAI_API_KEY", "sk-s\u00e9cret-T3BlbkFJ")]
    [InlineData("FORWARD_KEY", "fk-s\u00e9cret-T3BlbkFJ")]
    [InlineData("PROXY", "user:s\u00e9cret-T3BlbkFJ@host")]
    public void Value_ThatIsSecret_IsNotShownInTheError(string name, string value)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build((name, value)));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cret-T3BlbkFJ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Option_ThatIsNone_StopsTheStart()
        => Assert.Throws<SettingsException>(() => GatewayHost.BuildBare("--prot", "9000"));

    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    [InlineData("/")]
    [InlineData("")]
    public async Task BaseUrl_WithOrWithoutVersion_MeansTheSame(string path)
    {
        await using var upstream = new RawUpstream();
        foreach (var name in new[] { "OpenAI:BaseUrl", "OPENAI_BASE_URL", "API_BASE" })
        {
            await using var rig = await Rig.StartAsync(("OpenAI:BaseUrl", ""), (name, upstream.Address.GetLeftPart(UriPartial.Authority) + path));
            await using var client = await rig.Gateway.ConnectAsync();
            await client.SendAsync(Rig.Request("GET /v1/models"));

            var request = await upstream.AnswerAsync(Rig.Ok);

            Assert.Equal("/v1/models", request.Head.Target);
        }
    }

    [Fact]
    public async Task HierarchicalName_WinsOverTheOldOne()
    {
        await using var rig = await Rig.StartAsync(("OPENAI_API_KEY", Keys.SecondOperator), ("API_BASE", "http://no-such-host.invalid"));

        var (request, _) = await rig.ExchangeAsync(Rig.Request("GET /v1/models"));

        Assert.Equal($"Bearer {Keys.Operator}", request.Head["Authorization"]);
    }

    [Theory]
    [InlineData("port")]
    [InlineData("PORT")]
    public async Task Port_Chosen_IsListenedOn(string name)
    {
        await using var gateway = await GatewayHost.StartAsync(new Uri("http://127.0.0.1:1"), (name, "0"));

        Assert.NotEqual(8000, gateway.Address.Port);
        Assert.Equal("Healthy", await gateway.Client.GetStringAsync("/healthz"));
    }
}
