using System.Net.Http.Headers;
using System.Text.Json;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary><c>openai-proxy keys</c> makes, changes and ends access keys, beside the process that serves and without it.</summary>
public sealed class KeysTests : IAsyncLifetime
{
    private const string AdminToken = "admin-T3BlbkFJ-sees-everything";

    private readonly TempFolder _folder = new();
    private SimulatorHost _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await SimulatorHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Key_MadeByACommand_OpensTheProcessUntilACommandRevokesIt()
    {
        await using var process = await StandaloneProcess.StartAsync(
            $"--OpenAI:BaseUrl={_upstream.Address}", "--api-key", "sk-operator", $"--Billing:AdminToken={AdminToken}", "--data", _folder.Path);
        Assert.Equal(200, await StatusAsync(process, null));

        var (exitCode, output, error) = await RunAsync("create", "ann", "--team", "research", "--tags", "a,b", "--tags", "c");
        var secret = output.Trim();
        Assert.Equal(0, exitCode);
        Assert.Matches("^fk-[0-9A-Za-z]{49}$", secret);
        Assert.Contains("This is the key of ann", error, StringComparison.Ordinal);
        await UntilAsync(process, secret, 200);
        Assert.Equal(401, await StatusAsync(process, null));
        var second = (await RunAsync("rotate", "ann", "--overlap", "0s")).Output.Trim();
        await UntilAsync(process, second, 200);
        await UntilAsync(process, secret, 401);
        Assert.Equal(0, (await RunAsync("revoke", "ann")).ExitCode);
        await UntilAsync(process, second, 401);

        var list = await RunAsync("list");
        Assert.Contains("revoked", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(second, list.Output, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/audit");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        using var audit = await process.Client.SendAsync(request);
        using var json = JsonDocument.Parse(await audit.Content.ReadAsStringAsync());
        Assert.Equal(
            [("revoke", "command line"), ("rotate", "command line"), ("create", "command line")],
            json.RootElement.GetProperty("changes").EnumerateArray()
                .Select(change => (change.GetProperty("action").GetString(), change.GetProperty("actor").GetString())));
    }

    [Fact]
    public async Task Key_IsShownAndChangedAsTextAndJson()
    {
        await LedgerFile.CreateAsync(_folder.Path);
        var made = await JsonAsync("create", "ann", "--owner", "ann@example.com", "--expires", "2999-01-31");
        var id = made.GetProperty("id").GetString()!;

        var changed = await JsonAsync("update", id, "--owner", "", "--enabled", "false", "--name", "eve");
        var shown = await RunAsync("show", "eve");
        var list = await JsonAsync("list");

        Assert.Equal("key", made.GetProperty("object").GetString());
        Assert.Equal(("", "disabled"), (changed.GetProperty("owner").GetString(), changed.GetProperty("state").GetString()));
        Assert.Contains("name: eve\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains("expires: 2999-01-31T00:00:00Z\n", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("owner", shown.Output, StringComparison.Ordinal);
        Assert.Equal("key_list", list.GetProperty("object").GetString());
        Assert.Equal(id, Assert.Single(list.GetProperty("keys").EnumerateArray()).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(1, "There is no key of the name 'carl'", "show", "carl")]
    [InlineData(1, "There is no managed key", "revoke", "key_9f86d081884c7d659a2feaa0")]
    [InlineData(64, "not the key", "show", "fk-0123456789")]
    [InlineData(64, "allowed: 1 to 64 characters", "create", "two words")]
    [InlineData(64, "from 0s to 30d", "rotate", "ann", "--overlap", "99d")]
    [InlineData(64, "nothing to change", "update", "ann")]
    [InlineData(64, "allowed: true or false", "update", "ann", "--enabled", "perhaps")]
    [InlineData(78, "Did you mean --owner?", "create", "bob", "--onwer=ann")]
    public async Task Command_ThatIsWrong_SaysWhat(int code, string words, params string[] args)
    {
        await LedgerFile.CreateAsync(_folder.Path);
        Assert.Equal(0, (await RunAsync("create", "ann")).ExitCode);

        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal((code, ""), (exitCode, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    private async Task<JsonElement> JsonAsync(params string[] args)
    {
        var (exitCode, output, error) = await RunAsync([.. args, "--json"]);
        Assert.Equal((0, ""), (exitCode, error));
        return JsonDocument.Parse(output).RootElement;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
        => StandaloneProcess.RunAsync(["keys", .. args, "--data", _folder.Path]);

    private static Task<int> UntilAsync(StandaloneProcess process, string? key, int status)
        => HangGuard.Until(() => StatusAsync(process, key), found => found == status, $"the answer is {status}");

    private static async Task<int> StatusAsync(StandaloneProcess process, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var answer = await process.Client.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
