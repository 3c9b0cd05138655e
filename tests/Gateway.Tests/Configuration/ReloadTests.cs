using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Configuration;

/// <summary>Settings that change while the gateway runs.</summary>
// A running gateway reads the process's environment again, which others set for a moment while they build theirs.
[Collection(nameof(Alone))]
public sealed class ReloadTests : IAsyncLifetime
{
    private const string Old = "fk-of-the-first-file";
    private const string New = "fk-of-the-second-file";
    private const string Refused = "Degraded: The settings have changed and can't be used; the earlier ones are in force";

    private readonly SettingsFolder _folder = new();
    private AppUpstream _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await AppUpstream.StartAsync(_ => Task.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("written")]
    [InlineData("replaced")]
    [InlineData("swapped")]
    public async Task Keys_AreTakenAndRefusedAsTheFileSays(string how)
    {
        Action<string> change = how switch { "written" => _folder.Write, "replaced" => _folder.Replace, _ => _folder.Swap };
        change(Keyed(Old));
        await using var gateway = await StartAsync();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await CallAsync(gateway, Old), await CallAsync(gateway, New)));

        change(Keyed($"ann:{New}"));
        await HangGuard.Until(() => CallAsync(gateway, New), status => status == HttpStatusCode.OK, "the new key is taken");

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(gateway, Old));
        await HangGuard.Until(() => gateway.Logs.Find("in force now: Access:Keys.").Count == 1, "the log says it");
        Assert.Empty(gateway.Logs.Find(New));
    }

    [Fact]
    public async Task Key_ThatIsTakenAway_IsNotTakenForACallersOwn()
    {
        const string Plain = "shared-among-friends";
        _folder.Write($$"""{ "Access": { "Keys": [ "{{Plain}}", "{{Old}}" ] } }""");
        await using var gateway = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(gateway, Plain));

        _folder.Replace(Keyed(Old));

        await HangGuard.Until(() => CallAsync(gateway, Plain), status => status == HttpStatusCode.Unauthorized, "the key is refused");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(gateway, Old));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(gateway, "somebodys-own-key"));
    }

    [Fact]
    public async Task File_ThatCantBeRead_IsNotTakenForAnEmptyOne()
    {
        _folder.Write(Keyed(Old));
        await using var gateway = await StartAsync();

        // As one on a disk that is away, or without a right to it, it is there and can't be read, by root neither.
        File.Delete(_folder.File);
        Directory.CreateDirectory(_folder.File);
        await HangGuard.Until(() => HealthAsync(gateway), health => health == Refused, "it is degraded");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(gateway, Old));
        // For a moment it was not there at all.
        Assert.NotEmpty(gateway.Logs.Find("appsettings.json can't be read.").Concat(gateway.Logs.Find("appsettings.json is not there any more.")));

        Directory.Delete(_folder.File);
        _folder.Replace(Keyed(New));
        await HangGuard.Until(() => HealthAsync(gateway), health => health == "Healthy", "it is cured");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(gateway, New));
    }

    [Fact]
    public async Task File_ThatChangesDuringTheStart_IsReadAgain()
    {
        _folder.Write(Keyed(Old));
        await using var gateway = await StartAsync(_ => _folder.Replace(Keyed(New)));

        await HangGuard.Until(() => CallAsync(gateway, New), status => status == HttpStatusCode.OK, "the new key is taken");
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(gateway, Old));
    }

    [Fact]
    public void LogLevel_ThatIsNone_IsRefusedAtTheStart()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.BuildBare("--urls=http://127.0.0.1:0", "--Logging:LogLevel:Other=Lots"));

        Assert.Contains("Logging:LogLevel:Other is 'Lots'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenStream_OfAKeyThatIsTakenAway_GoesOn()
    {
        _folder.Write(Keyed(Old));
        await using var rig = await Rig.StartAsync(("contentRoot", _folder.Path));
        var call = rig.StartRequestAsync(HttpMethod.Post, "/v1/responses", request => request.Headers.Authorization = new("Bearer", Old));
        await using var upstream = await rig.Upstream.AcceptAsync();
        await upstream.ReadMessageAsync();
        await upstream.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 20\r\n\r\ndata: 1\n\n");
        using var answer = await call;

        _folder.Replace(Keyed(New));
        await HangGuard.Until(() => rig.Gateway.Logs.Find("in force now: Access:Keys.").Count == 1, "the keys are others");
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(rig.Gateway, Old));
        await upstream.SendAsync("data: last\n");

        Assert.Equal("data: 1\n\ndata: last\n", await answer.Content.ReadAsStringAsync().Guarded());
    }

    [Fact]
    public async Task Networks_ThatAreDenied_AreRefused()
    {
        _folder.Write(Keyed(Old));
        await using var gateway = await StartAsync();

        _folder.Replace("""{ "Access": { "Keys": "fk-of-the-first-file", "DeniedNetworks": "127.0.0.0/8" } }""");

        await HangGuard.Until(() => CallAsync(gateway, Old), status => status == HttpStatusCode.Forbidden, "the network is denied");
    }

    [Theory]
    [InlineData("""{ "Access": { "Keys": "fk-of-the-second-file", "DeniedNetworks": "10.0.0.0/99", "AlowAnonymous": true } }""", "Access:DeniedNetworks", "Access:AlowAnonymous")]
    [InlineData("""{ "Access": { "Keys": fk-of-the-second-file } }""", "no JSON at line 1", "appsettings.json")]
    [InlineData("""{ "Access": { "Keys": "fk-of-the-second-file" }, "Logging": { "LogLevel": { "Other": "Lots" } } }""", "Logging:LogLevel:Other", "'Lots'")]
    [InlineData(null, "is not there any more", "appsettings.json")]
    public async Task File_ThatCantBeUsed_ChangesNothingUntilItIsCured(string? wrong, params string[] told)
    {
        _folder.Write(Keyed(Old));
        await using var gateway = await StartAsync();

        if (wrong is null)
        {
            File.Delete(_folder.File);
        }
        else
        {
            _folder.Replace(wrong);
        }

        await HangGuard.Until(() => HealthAsync(gateway), health => health == Refused, "it is degraded");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await CallAsync(gateway, Old), await CallAsync(gateway, New)));
        var error = Assert.Single(gateway.Logs.Entries, entry => entry.Level == LogLevel.Error);
        Assert.All(told, text => Assert.Contains(text, error.Text, StringComparison.Ordinal));
        Assert.DoesNotContain(New, error.Text, StringComparison.Ordinal);

        _folder.Replace(Keyed(New));
        await HangGuard.Until(() => HealthAsync(gateway), health => health == "Healthy", "it is cured");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await CallAsync(gateway, Old), await CallAsync(gateway, New)));
    }

    [Fact]
    public async Task Settings_ThatCantBeUsedForAnotherReasonThanTheFile_AreCuredWithoutAnotherChange()
    {
        _folder.Write(Keyed(Old));
        await using var gateway = await StartAsync();
        Environment.SetEnvironmentVariable("FORWARD_KEYS", "not a setting");
        try
        {
            _folder.Replace(Keyed(New));
            await HangGuard.Until(() => HealthAsync(gateway), health => health == Refused, "it is degraded");
        }
        finally
        {
            Environment.SetEnvironmentVariable("FORWARD_KEYS", null);
        }

        await HangGuard.Until(() => HealthAsync(gateway), health => health == "Healthy", "it is cured");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(gateway, New));
        Assert.Single(gateway.Logs.Entries, entry => entry.Level == LogLevel.Error);
    }

    [Fact]
    public async Task Keys_TakenAwayTogetherWithThePublicAddress_StayWhileItListensThere()
    {
        _folder.Write(Keyed(Old));
        await using var gateway = await StartAsync(("port", "0"));

        _folder.Replace("""{ "urls": "http://127.0.0.1:0" }""");

        await HangGuard.Until(() => HealthAsync(gateway), health => health == Refused, "it is degraded");
        using var anonymous = await gateway.Client.GetAsync("/v1/models").Guarded();
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(gateway, Old));
    }

    [Fact]
    public async Task Settings_ForTheNextStart_AreNamedInOneWarning()
    {
        _folder.Write(Keyed(Old));
        await using var gateway = await StartAsync();

        _folder.Replace("""{ "FORWARD_KEY": "fk-of-the-second-file", "TIMEOUT": "5m", "Forwarding": { "KeepAlive": "5s" } }""");
        await HangGuard.Until(() => CallAsync(gateway, New), status => status == HttpStatusCode.OK, "the new key is taken");
        _folder.Replace("""{ "FORWARD_KEY": "fk-of-the-first-file", "TIMEOUT": "5m", "Forwarding": { "KeepAlive": "5s" } }""");
        await HangGuard.Until(() => CallAsync(gateway, Old), status => status == HttpStatusCode.OK, "the old key is taken again");

        var warning = Assert.Single(gateway.Logs.Find("after a restart"));
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains("restart: Forwarding:FirstByteTimeout, Forwarding:KeepAlive.", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogLevel_IsThatOfTheFile_AndWithoutItTheOneBefore()
    {
        _folder.Write(Leveled("Information"));
        await using var gateway = await StartAsync();
        await CallAsync(gateway, Old);
        Assert.Empty(RequestLines(gateway));

        _folder.Replace(Leveled("Debug"));
        await HangGuard.Until(() => LinesOfACallAsync(gateway), lines => lines > 0, "requests are logged");
        _folder.Replace(Leveled("Warning"));
        await HangGuard.Until(() => LinesOfACallAsync(gateway), lines => lines == 0, "requests are not logged");
        _folder.Replace(Keyed(Old));
        await HangGuard.Until(() => LinesOfACallAsync(gateway), lines => lines > 0, "requests are logged by the default");
    }

    private Task<GatewayHost> StartAsync(params (string, string)[] settings) => StartAsync(_ => { }, settings);

    private Task<GatewayHost> StartAsync(Action<WebApplicationBuilder> adjust, params (string, string)[] settings)
        => GatewayHost.StartAsync(
            _upstream.Address,
            builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(new HastyTimers());
                adjust(builder);
            },
            [("OpenAI:ApiKey", Keys.Operator), ("contentRoot", _folder.Path), .. settings]);

    private static string Keyed(string key) => $$"""{ "Access": { "Keys": [ "{{key}}" ] } }""";

    private static string Leveled(string level) => $$"""
        { "Access": { "Keys": "{{Old}}" },
          "Logging": { "OpenAIProxy.TestKit.LogSink": { "LogLevel": { "OpenAIProxy.Gateway.GatewayPipeline": "{{level}}" } } } }
        """;

    private static IEnumerable<LogEntry> RequestLines(GatewayHost gateway)
        => gateway.Logs.Entries.Where(entry => entry.Category.EndsWith("GatewayPipeline", StringComparison.Ordinal) && entry.Level == LogLevel.Debug);

    private static async Task<int> LinesOfACallAsync(GatewayHost gateway)
    {
        var before = RequestLines(gateway).Count();
        await CallAsync(gateway, Old);
        return RequestLines(gateway).Count() - before;
    }

    private static async Task<HttpStatusCode> CallAsync(GatewayHost gateway, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await gateway.Client.SendAsync(request).Guarded();
        return answer.StatusCode;
    }

    private static Task<string> HealthAsync(GatewayHost gateway) => gateway.Client.GetStringAsync("/health/ready").Guarded();
}
