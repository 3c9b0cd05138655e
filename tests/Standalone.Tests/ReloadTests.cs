using System.Net;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary>Settings of the file that <c>--config</c> names, read again when SIGHUP says so.</summary>
public sealed class ReloadTests : IDisposable
{
    private const string Old = "fk-of-the-first-file";
    private const string New = "fk-of-the-second-file";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task HangUp_PutsTheChangedFileInForce_ForBothHalvesOrNone()
    {
        var file = _folder.Write("settings.json", Settings(Old));
        await using var process = await StandaloneProcess.StartAsync("--demo", "--data", _folder.Path, "--config", file);
        Signals.Send(process.Id, Signals.HangUp);
        await LogAsync(process, "The settings were read again");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(process, Old));

        _folder.Write("settings.json", Settings(New));
        Signals.Send(process.Id, Signals.HangUp);
        await LogAsync(process, "in force now: Access:Keys.");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await CallAsync(process, Old), await CallAsync(process, New)));

        // The gateway's part is right, the billing service's is not.
        _folder.Write("settings.json", Settings(Old, """, "Billing": { "CacheToday": "soon" }"""));
        Signals.Send(process.Id, Signals.HangUp);
        await LogAsync(process, "Billing:CacheToday is 'soon'");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await CallAsync(process, Old), await CallAsync(process, New)));
        Assert.StartsWith("Degraded: The settings have changed", await process.Client.GetStringAsync("/health/ready"), StringComparison.Ordinal);

        _folder.Write("settings.json", Settings(Old, """, "Acess": { "AllowCallerKeys": "false" }"""));
        Signals.Send(process.Id, Signals.HangUp);
        await LogAsync(process, "Acess:AllowCallerKeys");
        Assert.Equal(HttpStatusCode.OK, await CallAsync(process, New));
        Assert.Equal(0, await process.StopAsync());
        Assert.DoesNotContain(New, process.Output, StringComparison.Ordinal);
    }

    private static string Settings(string key, string more = "") => $$"""{ "Access": { "Keys": "{{key}}" }{{more}} }""";

    private static Task LogAsync(StandaloneProcess process, string text)
        => HangGuard.Until(() => process.Output.Contains(text, StringComparison.Ordinal), text);

    private static async Task<HttpStatusCode> CallAsync(StandaloneProcess process, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await process.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
