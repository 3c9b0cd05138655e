using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Configuration;

/// <summary>The file that <c>--config</c> names.</summary>
public sealed class ConfigFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-config-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("gateway.json")]
    [InlineData(".gateway.json")]
    public void File_OfAnyName_IsRead(string name)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, """{ "Forwarding": { "ConnectTimeout": "soon" } }""");

        var error = Assert.Throws<SettingsException>(() => GatewayHost.BuildBare("--urls=http://127.0.0.1:0", $"--config={file}"));

        Assert.Contains("Forwarding:ConnectTimeout is 'soon'", error.Message, StringComparison.Ordinal);
    }
}
