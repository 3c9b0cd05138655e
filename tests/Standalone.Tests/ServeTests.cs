using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary>Gateway and billing service in one process, from outside.</summary>
public sealed class ServeTests : IAsyncLifetime
{
    private const string AccessKey = "fk-standalone-0123456789abcdef";
    private const string OperatorKey = "sk-operator-of-the-standalone";

    private readonly string _data = Path.Combine(Path.GetTempPath(), $"openaiproxy-standalone-{Guid.NewGuid():N}");
    private SimulatorHost _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await SimulatorHost.StartAsync(("Simulator:Billing", "SessionKey"));

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        if (Directory.Exists(_data))
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    [Fact]
    public async Task Calls_AreAnsweredAndBilled_AndTheBillSurvivesARestart()
    {
        await using (var first = await StartAsync())
        {
            Assert.Equal(HttpStatusCode.OK, (await ChatAsync(first, stream: false)).Status);
            var streamed = await ChatAsync(first, stream: true);
            Assert.EndsWith("data: [DONE]", streamed.Text.TrimEnd(), StringComparison.Ordinal);
            Assert.Equal(0, await first.StopAsync());
        }

        // Stopping ships what the journal holds: the billing service ends last.
        await using var second = await StartAsync();
        using var report = JsonDocument.Parse(await GetAsync(second, "/billing/usage"));
        var total = report.RootElement.GetProperty("total");
        Assert.Equal(2, total.GetProperty("requests").GetInt32());
        Assert.True(total.GetProperty("cost_usd").GetDecimal() > 0);
        Assert.Contains("<html", await GetAsync(second, "/usage"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("Healthy", await GetAsync(second, "/health/ready"));
    }

    [Fact]
    public async Task Address_OfThisMachineAloneWithACertificate_IsHttps()
    {
        Directory.CreateDirectory(_data);
        var file = Path.Combine(_data, "tls.pem");
        using (var certificate = SelfSignedCertificate.Create())
        using (var key = certificate.GetECDsaPrivateKey()!)
        {
            await File.WriteAllTextAsync(file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        }

        await using var process = await StandaloneProcess.StartAsync(
            "--api-key", OperatorKey, "--base-url", $"{_upstream.Address}", "--data", _data, $"--Https:Certificate={file}");

        Assert.Equal("https", process.Client.BaseAddress!.Scheme);
        Assert.Contains("This machine alone", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bill_WhileItRuns_HasTheCall()
    {
        await using var process = await StartAsync();
        await ChatAsync(process, stream: false);

        await HangGuard.Until(
            () => GetAsync(process, "/billing/usage"), report => report.Contains("\"requests\":1,", StringComparison.Ordinal), "the call is in the ledger");
    }

    [Fact]
    public async Task Process_ListensOnOnePort()
    {
        await using var process = await StartAsync();

        Assert.Equal([process.Client.BaseAddress!.Port], ListeningPorts.Of(process.Id));
    }

    [Fact]
    public async Task Data_IsForItsUserAlone()
    {
        await using var process = await StartAsync();
        await ChatAsync(process, stream: false);

        const UnixFileMode others = (UnixFileMode)0b000_111_111;
        var all = new DirectoryInfo(_data).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Append(new DirectoryInfo(_data)).ToArray();
        Assert.Contains(all, entry => entry.Name == "ledger.db");
        Assert.All(all, entry => Assert.Equal(UnixFileMode.None, entry.UnixFileMode & others));
    }

    [Theory]
    [InlineData("en_US.UTF-8", "OpenAIProxy is ready")]
    [InlineData("zh_CN.UTF-8", "OpenAIProxy 已就绪")]
    public async Task Banner_InItsLanguage_ShowsNoSecret(string language, string ready)
    {
        await using var process = await StandaloneProcess.StartAsync(language, Args());

        Assert.Contains(ready, process.Output, StringComparison.Ordinal);
        Assert.Contains($"OpenAI:BaseUrl = {_upstream.Address}", process.Output, StringComparison.Ordinal);
        Assert.Contains("OpenAI:ApiKey = ", process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(OperatorKey, process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(AccessKey, process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatLog_IsInTheDataFolder_AndTheBannerSaysSo()
    {
        var folder = Path.Combine(_data, "chat");
        await using var process = await StandaloneProcess.StartAsync([.. Args(), "--ChatLog:Enabled=true"]);
        await ChatAsync(process, stream: true);
        Assert.Equal(0, await process.StopAsync());

        Assert.Contains($"chat log (requests and answers are written down): {folder}", process.Output, StringComparison.Ordinal);
        using var line = JsonDocument.Parse(await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder))));
        Assert.Equal("complete", line.RootElement.GetProperty("end").GetString());
    }

    [Fact]
    public async Task ChatLog_IsOff()
    {
        await using var process = await StandaloneProcess.StartAsync([.. Args(), "--ChatLog:Enabled=false"]);
        await ChatAsync(process, stream: false);
        await process.StopAsync();

        Assert.DoesNotContain("chat log", process.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_data, "chat")));
    }

    [Fact]
    public async Task Health_OfARunningProcess_Is0_AndAfterItsEnd1()
    {
        await using var process = await StartAsync();
        var port = $"{process.Client.BaseAddress!.Port}";

        Assert.Equal(0, (await StandaloneProcess.RunAsync("health", "--port", port)).ExitCode);
        await process.StopAsync();
        Assert.Equal(1, (await StandaloneProcess.RunAsync("health", "--port", port)).ExitCode);
    }

    private Task<StandaloneProcess> StartAsync() => StandaloneProcess.StartAsync(Args());

    private string[] Args()
        => ["--base-url", $"{_upstream.Address}", "--api-key", OperatorKey, "--access-key", AccessKey, "--data", _data, "--urls=http://127.0.0.1:0"];

    private static async Task<(HttpStatusCode Status, string Text)> ChatAsync(StandaloneProcess process, bool stream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = JsonContent.Create(new { model = "gpt-4o-mini", stream, messages = new[] { new { role = "user", content = "Hello!" } } }),
        };
        request.Headers.Add("Authorization", $"Bearer {AccessKey}");
        using var answer = await process.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string> GetAsync(StandaloneProcess process, string target)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Add("Authorization", $"Bearer {AccessKey}");
        using var answer = await process.Client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
