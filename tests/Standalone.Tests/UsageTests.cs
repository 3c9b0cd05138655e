using System.Net.Http.Json;
using System.Text.Json;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary><c>openai-proxy usage</c> says what the ledger has, beside the process that serves and after it.</summary>
public sealed class UsageTests : IAsyncLifetime
{
    private const string AnnsKey = "fk-ann-0123456789abcdef";
    private const string BensKey = "fk-ben-0123456789abcdef";

    private readonly TempFolder _folder = new();
    private SimulatorHost _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await SimulatorHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Usage_OfALedger_IsATableWithATotal()
    {
        await CallAsync();

        var (exitCode, output, error) = await RunAsync("--group-by", "model");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(["model", "requests", "errors", "input", "tokens", "output", "tokens", "cost", "$"], Words(output, "model"));
        var row = Words(output, "gpt-4o-mini");
        var total = Words(output, "total");
        Assert.Equal("2", row[1]);
        Assert.Equal("3", total[1]);
        Assert.Equal(row[5], total[5]);
        Assert.EndsWith("*", Words(output, "nobody-prices-this")[^1], StringComparison.Ordinal);
        Assert.Contains("* without 1 requests that have no known price", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_WhileTheProcessRuns_HasTheCall()
    {
        await using var process = await StartAsync();
        await ChatAsync(process, AnnsKey, "gpt-4o-mini");

        await HangGuard.Until(() => RunAsync("--json"), run => run.Output.Contains("\"requests\":1,", StringComparison.Ordinal), "the call is in the ledger");
    }

    [Fact]
    public async Task Usage_AsJson_IsTheReportOfTheService()
    {
        await CallAsync();

        var (exitCode, output, error) = await RunAsync("--json", "--group-by", "key", "--tz", "Asia/Shanghai");

        Assert.Equal((0, ""), (exitCode, error));
        using var json = JsonDocument.Parse(output);
        Assert.Equal("usage_report", json.RootElement.GetProperty("object").GetString());
        Assert.Equal("Asia/Shanghai", json.RootElement.GetProperty("time_zone").GetString());
        Assert.Equal(["ann", "ben"], json.RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("key_name").GetString()).Order());
        Assert.Equal(3, json.RootElement.GetProperty("total").GetProperty("requests").GetInt32());
    }

    [Fact]
    public async Task Usage_AsCsv_HasItsHeadFirst()
    {
        await CallAsync();

        var (exitCode, output, error) = await RunAsync("--csv", "--group-by", "model");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("model,requests,", output, StringComparison.Ordinal);
        Assert.Equal("2", Assert.Single(output.Split("\r\n"), line => line.StartsWith("gpt-4o-mini", StringComparison.Ordinal)).Split(',')[1]);
    }

    [Fact]
    public async Task Usage_OfOneKey_ByNameOrId_IsItsOwn()
    {
        await CallAsync();

        var byName = await RunAsync("--json", "--key", "ben", "--group-by", "key");
        using var json = JsonDocument.Parse(byName.Output);
        var row = Assert.Single(json.RootElement.GetProperty("rows").EnumerateArray());
        Assert.Equal(1, row.GetProperty("requests").GetInt32());
        Assert.Equal(byName.Output, (await RunAsync("--json", "--key", row.GetProperty("key").GetString()!, "--group-by", "key")).Output);
        Assert.Equal(1, (await RunAsync("--key", "carl")).ExitCode);
    }

    [Theory]
    [InlineData(64, "--from must be a day", "--from", "yesterday")]
    [InlineData(64, "--group-by takes one or more of", "--group-by", "color")]
    [InlineData(64, "--tz must be", "--tz", "Mars/Base")]
    [InlineData(64, "not the key", "--key", AnnsKey)]
    [InlineData(64, "exclude each other", "--csv", "--json")]
    [InlineData(78, "Did you mean --group-by?", "--groupby=day")]
    public async Task Usage_WithAWrongFlag_SaysWhich(int code, string words, params string[] args)
    {
        // Nothing in it is needed.
        await LedgerFile.CreateAsync(_folder.Path);

        var (exitCode, output, error) = await RunAsync(args);

        Assert.Equal((code, ""), (exitCode, output));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_WithoutALedger_Is1AndMakesNone()
    {
        var (exitCode, output, error) = await RunAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains($"There is no ledger at {Path.Combine(_folder.Path, "ledger.db")}", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Usage_WithAQueryThatIsTooLong_SaysTheStatus()
    {
        await LedgerFile.CreateAsync(_folder.Path);

        var (exitCode, output, error) = await RunAsync("--group-by", new string('x', 20_000));

        // Kestrel's own answer has no body.
        Assert.Equal((64, "", "The billing service answered with status 414.\n"), (exitCode, output, error));
    }

    [Fact]
    public async Task Usage_AsksNoCache()
    {
        await LedgerFile.CreateAsync(_folder.Path);

        var (exitCode, _, error) = await RunAsync("--ConnectionStrings:cache=127.0.0.1:1,nonsense=1");

        Assert.Equal((0, ""), (exitCode, error));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
        => StandaloneProcess.RunAsync(["usage", "--data", _folder.Path, .. args]);

    private Task<StandaloneProcess> StartAsync() => StandaloneProcess.StartAsync(
        "--base-url", $"{_upstream.Address}", "--api-key", "sk-operator-of-usage", "--access-key", $"ann:{AnnsKey},ben:{BensKey}", "--data", _folder.Path,
        "--urls=http://127.0.0.1:0");

    private async Task CallAsync()
    {
        await using var process = await StartAsync();
        await ChatAsync(process, AnnsKey, "gpt-4o-mini");
        await ChatAsync(process, AnnsKey, "nobody-prices-this");
        await ChatAsync(process, BensKey, "gpt-4o-mini");
        Assert.Equal(0, await process.StopAsync());
    }

    private static async Task ChatAsync(StandaloneProcess process, string key, string model)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new { model, messages = new[] { new { role = "user", content = "Hello!" } } }),
        };
        request.Headers.Add("Authorization", $"Bearer {key}");
        using var answer = await process.Client.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private static string[] Words(string output, string start)
        => output.Split('\n').First(line => line.StartsWith(start, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
