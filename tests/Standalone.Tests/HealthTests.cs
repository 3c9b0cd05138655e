using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.Standalone.Tests;

/// <summary><c>openai-proxy health</c> finds the process by the settings that it was started with.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("argument")]
    [InlineData("environment")]
    [InlineData("config")]
    public async Task Health_OfAProcessWithItsOwnCertificate_Is0(string place)
    {
        var certificate = WriteCertificate();
        await using var process = await StandaloneProcess.StartAsync(
            "--demo", "--data", _folder.Path, "--urls=https://127.0.0.1:0", $"--Https:Certificate={certificate}");
        var port = $"{process.Client.BaseAddress!.Port}";

        // It waits for 3 s, which on a machine under load is not always enough.
        var (_, output, error) = await HangGuard.Until(
            () => place switch
            {
                "argument" => StandaloneProcess.RunAsync("health", "--port", port, $"--Https:Certificate={certificate}"),
                "environment" => StandaloneProcess.RunWithAsync(new() { ["PORT"] = port, ["Https__Certificate"] = certificate }, "health"),
                _ => StandaloneProcess.RunAsync(
                    "health", "--port", port, "--config", _folder.Write("settings.json", $$$"""{"Https":{"Certificate":"{{{certificate}}}"}}""")),
            },
            health => health.ExitCode == 0, "it is found");

        Assert.Equal("", error);
        Assert.StartsWith("200", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_OfACertificateForAnotherName_AtThisMachinesAddress_Is0()
    {
        var own = NetworkInterface.GetAllNetworkInterfaces().SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address).FirstOrDefault(ip => ip.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(ip));
        Assert.SkipWhen(own is null, "This machine has no address but loopback.");
        var certificate = WriteCertificate();
        await using var process = await StandaloneProcess.StartAsync(
            "--demo", "--data", _folder.Path, $"--urls=https://{own}:0", $"--Https:Certificate={certificate}", "--access-key", "fk-0123456789abcdef");

        await AssertFoundAsync($"--urls=https://{own}:{process.Client.BaseAddress!.Port}", $"--Https:Certificate={certificate}");
    }

    [Theory]
    [InlineData("--urls=http://unix:/nowhere/proxy.sock;http://127.0.0.1:{0}")]
    [InlineData("--urls=http://127.0.0.1:0;http://127.0.0.1:{0}")]
    [InlineData("--urls=http://unix:/nowhere/proxy.sock", "--port", "{0}")]
    public async Task Health_WithAnAddressThatTellsNoPort_AsksTheOther(params string[] args)
    {
        await using var process = await StandaloneProcess.StartAsync("--demo", "--data", _folder.Path, "--urls=http://127.0.0.1:0");
        var port = $"{process.Client.BaseAddress!.Port}";

        await AssertFoundAsync([.. args.Select(arg => arg.Replace("{0}", port, StringComparison.Ordinal))]);
    }

    [Fact]
    public async Task Health_WithoutTheCertificateInItsSettings_Is1()
    {
        await using var process = await StandaloneProcess.StartAsync(
            "--demo", "--data", _folder.Path, "--urls=https://127.0.0.1:0", $"--Https:Certificate={WriteCertificate()}");

        Assert.Equal(1, (await StandaloneProcess.RunAsync("health", "--port", $"{process.Client.BaseAddress!.Port}")).ExitCode);
    }

    [Fact]
    public async Task Health_WithoutAPort_Is78()
    {
        var (exitCode, _, error) = await StandaloneProcess.RunAsync("health", "--port", "0");

        Assert.Equal(78, exitCode);
        Assert.Contains("Say --port", error, StringComparison.Ordinal);
    }

    // It waits for 3 s, which on a machine under load is not always enough.
    private static async Task AssertFoundAsync(params string[] args)
    {
        var (_, output, error) = await HangGuard.Until(
            () => StandaloneProcess.RunAsync(["health", .. args]), health => health.ExitCode == 0, "it is found");
        Assert.Equal("", error);
        Assert.StartsWith("200", output, StringComparison.Ordinal);
    }

    private string WriteCertificate()
    {
        using var certificate = SelfSignedCertificate.Create();
        using var key = certificate.GetECDsaPrivateKey()!;
        return _folder.Write("tls.pem", $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
