using System.Runtime.Versioning;
using System.Text.Json;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary><c>openai-proxy check</c>: would it run, and what is open to whom?</summary>
public sealed class CheckTests : IDisposable
{
    private const string OperatorKey = "sk-operator-of-the-check";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_OfGoodSettings_Is0AndSaysWhatIsOpen()
    {
        await using var upstream = await SimulatorHost.StartAsync();

        var (exitCode, output, error) = await RunAsync(
            "--base-url", $"{upstream.Address}", "--api-key", OperatorKey, "--access-key", "fk-0123456789abcdef", "--urls=http://0.0.0.0:8123");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("ok      listener: It listens on http://0.0.0.0:8123: other machines can reach it, without TLS.", output, StringComparison.Ordinal);
        Assert.Contains("ok      access: Access keys: 1.", output, StringComparison.Ordinal);
        Assert.Contains("and takes the operator's key.", output, StringComparison.Ordinal);
        Assert.Contains("ok      clock: ", output, StringComparison.Ordinal);
        Assert.EndsWith("0 errors, 0 warnings.\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain(OperatorKey, output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("everybody who can reach it spends the operator's key", "--urls=http://0.0.0.0:8123", "--Access:AllowAnonymous=true")]
    [InlineData("a reverse proxy (Access:TrustedProxies) brings others", "--urls=http://127.0.0.1:8123", "--Access:TrustedProxies=127.0.0.1")]
    [InlineData("in spite of the access keys", "--access-key", "fk-0123456789abcdef", "--Access:AllowAnonymous=true")]
    public async Task Check_OfAnOpenKey_Warns(string words, params string[] args)
    {
        await using var upstream = await SimulatorHost.StartAsync();

        var (exitCode, output, _) = await RunAsync(["--base-url", $"{upstream.Address}", "--api-key", OperatorKey, .. args]);

        Assert.Equal(0, exitCode);
        Assert.Contains(Lines(output, "warning access"), line => line.Contains(words, StringComparison.Ordinal));
        Assert.EndsWith("0 errors, 1 warning.\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfAKeyThatIsRefusedByAClockFromElsewhere_WarnsOfBoth()
    {
        await using var upstream = new RawUpstream();
        var answer = upstream.AnswerAsync(
            "HTTP/1.1 401 Unauthorized\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

        var (exitCode, output, _) = await RunAsync("--base-url", $"{upstream.Address}", "--api-key", OperatorKey);

        var request = await answer;
        Assert.Equal("GET /v1/models HTTP/1.1", request.Head.StartLine);
        Assert.Equal(0, exitCode);
        Assert.Contains(Lines(output, "warning upstream"), line => line.Contains("refuses the operator's key (status 401)", StringComparison.Ordinal));
        Assert.Contains(Lines(output, "warning clock"), line => line.Contains("ahead of the upstream's", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_BehindAProxy_AsksTheProxy()
    {
        await using var proxy = new RawUpstream();
        var answer = proxy.AnswerAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");

        var (exitCode, output, _) = await RunAsync("--base-url", "http://upstream.invalid", $"--Forwarding:Proxy={proxy.Address}");

        Assert.Equal("GET http://upstream.invalid/v1/models HTTP/1.1", (await answer).Head.StartLine);
        Assert.Equal(0, exitCode);
        Assert.Contains(Lines(output, "ok      upstream"), line => line.Contains("by way of the proxy 127.0.0.1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("can't be reached: no such host", "http://upstream.invalid")]
    [InlineData("can't be reached: connection refused", "http://127.0.0.1:1")]
    public async Task Check_OfAnUpstreamThatIsNotThere_Is1(string words, string address)
    {
        var (exitCode, output, _) = await RunAsync("--base-url", address);

        Assert.Equal(1, exitCode);
        Assert.Contains(Lines(output, "error   upstream"), line => line.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_OfWrongSettings_Is78WithAllErrors()
    {
        string[] wrong = ["--OpenAI:BaseUrl=nonsense", "--Ledger:Retention=never", "--json"];

        var (exitCode, output, error) = await RunAsync(wrong);

        Assert.Equal(78, exitCode);
        Assert.Contains("The configuration has 2 errors:", error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(output);
        Assert.Equal("check", json.RootElement.GetProperty("object").GetString());
        Assert.Equal(2, json.RootElement.GetProperty("errors").GetInt32());
        Assert.All(json.RootElement.GetProperty("findings").EnumerateArray(), finding => Assert.Equal("settings", finding.GetProperty("topic").GetString()));
    }

    [Fact]
    public async Task Check_OfASettingsFileThatIsNoJson_IsAFindingWithoutItsText()
    {
        var file = _folder.Write("appsettings.json", """{ "OpenAI": { "ApiKey": sk-0123456789 } }""");

        var (exitCode, output, error) = await RunAsync("--contentRoot", _folder.Path, "--json");

        Assert.Equal(78, exitCode);
        using var json = JsonDocument.Parse(output);
        var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal("settings", finding.GetProperty("topic").GetString());
        Assert.Contains($"'{file}'. It is no JSON at line 1, byte ", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", output + error, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Check_OfASettingsFileWithAKeyThatOthersCanRead_Warns()
    {
        await using var upstream = await SimulatorHost.StartAsync();
        var file = _folder.Write("settings.json", $$"""{"OpenAI":{"ApiKey":"{{OperatorKey}}","BaseUrl":"{{upstream.Address}}"} }""");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var open = await RunAsync("--config", file);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var closed = await RunAsync("--config", file);

        Assert.Contains(Lines(open.Output, "warning settings"), line => line.Contains($"{file} holds OpenAI:ApiKey, and every user", StringComparison.Ordinal));
        Assert.Empty(Lines(closed.Output, "warning"));
    }

    [Theory]
    [InlineData("""{"ConnectionStrings":{"cache":"127.0.0.1:1,password=hidden"} }""", "ConnectionStrings:cache")]
    [InlineData("""{"Kestrel":{"Certificates":{"Default":{"Password":"hidden"} } } }""", "Kestrel:Certificates:Default:Password")]
    [InlineData("""{"Access":{"Keys":["fk-0123456789abcdef","fk-1123456789abcdef"]} }""", "Access:Keys")]
    [UnsupportedOSPlatform("windows")]
    public async Task Check_OfASettingsFileWithAnotherSecretThatOthersCanRead_NamesIt(string text, string name)
    {
        await using var upstream = await SimulatorHost.StartAsync();
        var file = _folder.Write("settings.json", text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var (_, output, _) = await RunAsync("--config", file, "--base-url", $"{upstream.Address}", "--api-key", OperatorKey);

        Assert.Contains($"{file} holds {name}, and every user", Assert.Single(Lines(output, "warning settings")), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("warning data", "is in memory (tmpfs)", "/dev/shm/openaiproxy-check")]
    [InlineData("error   data", "can't be written", "/proc/openaiproxy-check")]
    public async Task Check_OfADataFolderThatKeepsNothing_SaysSo(string start, string words, string folder)
    {
        await using var upstream = await SimulatorHost.StartAsync();

        var (_, output, _) = await StandaloneProcess.RunAsync("check", "--base-url", $"{upstream.Address}", "--data", folder);

        var lines = Lines(output, start);
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Contains(words, line, StringComparison.Ordinal));
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
        => StandaloneProcess.RunAsync(["check", "--data", Path.Combine(_folder.Path, "data"), .. args]);

    private static string[] Lines(string output, string start) => [.. output.Split('\n').Where(line => line.StartsWith(start, StringComparison.Ordinal))];
}
