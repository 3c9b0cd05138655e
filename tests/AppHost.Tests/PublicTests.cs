using System.Net;
using OpenAIProxy.AppHost.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.AppHost.Tests;

/// <summary>An app that others in the network reach, and one that they don't. 127.0.0.2 stands for the network: localhost does not listen there.</summary>
public sealed class PublicTests(SharedApps apps)
{
    private const int ConfigurationError = 78;
    private const string Key = "fk-4f6c-of-a-friend-accesssecret";

    [Fact]
    public async Task App_ThatIsPublic_AnswersTheNetworkForItsFriendsOnly()
    {
        await using var app = AppHostProcess.Start(
            ["--demo", "--public", "--port", "0", "--cache", "none"], [("OPENAI_API_KEY", null), ("FORWARD_KEY", $"ann:{Key}")]);
        var port = (await app.ReadyAsync()).Port;

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(port, null));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(port, Key));
        Assert.Contains("\n  network     ", app.Output, StringComparison.Ordinal);
        // A shell takes the name off the key.
        Assert.Contains("\"Authorization: Bearer ${FORWARD_KEY#*:}\"", app.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, app.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_ThatIsNot_AnswersThisMachineOnly()
    {
        var app = await apps.TracedAsync();
        var address = await app.ReadyAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(address.Port, SharedApps.AccessKey));
        Assert.DoesNotContain("\n  network     ", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_ThatIsPublicWithoutAccessKeys_DoesNotStartAndSaysWhatToSet()
    {
        var (exitCode, output, error) = await AppHostProcess.RunAsync(
            ["--demo", "--public", "--port", "0", "--cache", "none"], ("FORWARD_KEY", null), ("Access__ManagedKeys", "false"));

        Assert.Equal(ConfigurationError, exitCode);
        Assert.Contains("Set FORWARD_KEY (Access:Keys)", error, StringComparison.Ordinal);
        Assert.DoesNotContain("is ready", output, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(int port, string? key)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.2:{port}/v1/models");
        request.Headers.Authorization = key is null ? null : new("Bearer", key);
        using var answer = await client.SendAsync(request).Guarded();
        return answer.StatusCode;
    }
}
