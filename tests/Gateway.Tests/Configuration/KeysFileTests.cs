using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Configuration;

/// <summary>A file of access keys beside the settings.</summary>
// A running gateway reads the process's environment again, which others set for a moment while they build theirs.
[Collection(nameof(Alone))]
public sealed class KeysFileTests : IAsyncLifetime
{
    private readonly SettingsFolder _folder = new();
    private AppUpstream _upstream = null!;

    private string KeysFile => Path.Combine(_folder.Path, "keys.json");

    public async ValueTask InitializeAsync() => _upstream = await AppUpstream.StartAsync(_ => Task.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Keys_AreTakenFromTheFileBesideThoseOfTheSettings_AndReadAgain()
    {
        Write($$"""{ "Keys": [ { "Name": "ann", "Key": "{{Keys.Access}}" } ] }""");
        await using var gateway = await StartAsync(("Access:Keys", "fk-of-the-settings"));
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized),
            (await CallAsync(gateway, Keys.Access), await CallAsync(gateway, "fk-of-the-settings"), await CallAsync(gateway, Keys.SecondAccess)));

        Write($$"""{ "Keys": [ { "Name": "bob", "Key": "{{Keys.SecondAccess}}" } ] }""");

        await HangGuard.Until(() => CallAsync(gateway, Keys.SecondAccess), status => status == HttpStatusCode.OK, "the new key is taken");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await CallAsync(gateway, Keys.Access), await CallAsync(gateway, "fk-of-the-settings")));
    }

    [Fact]
    public async Task File_ThatCantBeUsed_ChangesNothing_AndAllErrorsAreTold()
    {
        Write($$"""{ "Keys": [ { "Key": "{{Keys.Access}}" } ] }""");
        await using var gateway = await StartAsync();

        Write($$"""{ "Keys": [ { "Key": "{{Keys.SecondAccess}}", "Expires": "soon" }, { "Name": "nobody" } ], "Other": 1 }""");

        await HangGuard.Until(() => gateway.Logs.Find("can't be used; the earlier ones stay in force").Count == 1, "the log says it");
        var told = gateway.Logs.Find("can't be used; the earlier ones stay in force")[0].Text;
        Assert.Contains("Access:Keys:keys.json[0]:Expires is 'soon'", told, StringComparison.Ordinal);
        Assert.Contains("Access:Keys:keys.json[1]:Key has a value that can't be used", told, StringComparison.Ordinal);
        Assert.Contains("Access:KeysFile:Other is not a setting", told, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await CallAsync(gateway, Keys.Access), await CallAsync(gateway, Keys.SecondAccess)));
    }

    [Fact]
    public async Task File_WithThousandsOfKeys_IsReadWhole()
    {
        Write($$"""{ "Keys": [ {{string.Join(',', Enumerable.Range(0, 5_000).Select(i => $$"""{ "Key": "fk-number-{{i}}-of-many", "Tags": [ "a", "b" ] }"""))}} ] }""");
        await using var gateway = await StartAsync();

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized),
            (await CallAsync(gateway, "fk-number-0-of-many"), await CallAsync(gateway, "fk-number-4999-of-many"),
                await CallAsync(gateway, "fk-number-5000-of-many")));
    }

    [Fact]
    public void File_ThatIsNotThere_StopsTheStart()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("OpenAI:ApiKey", Keys.Operator), ("Access:KeysFile", KeysFile)));

        Assert.Contains($"Access:KeysFile names {KeysFile}, which is not there.", error.Message, StringComparison.Ordinal);
    }

    private void Write(string json) => File.WriteAllText(KeysFile, json);

    private Task<GatewayHost> StartAsync(params (string, string)[] settings)
        => GatewayHost.StartAsync(
            _upstream.Address,
            builder => builder.Services.AddSingleton<TimeProvider>(new HastyTimers()),
            [("OpenAI:ApiKey", Keys.Operator), ("Access:KeysFile", KeysFile), .. settings]);

    private static async Task<HttpStatusCode> CallAsync(GatewayHost gateway, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await gateway.Client.SendAsync(request).Guarded();
        return answer.StatusCode;
    }
}
