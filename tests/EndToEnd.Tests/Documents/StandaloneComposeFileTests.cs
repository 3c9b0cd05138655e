using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>compose.standalone.yaml against the project whose image it runs. <c>eng/try-images</c> runs it where there is an engine.</summary>
public sealed class StandaloneComposeFileTests
{
    private static readonly (IReadOnlyDictionary<string, ComposeService> Services, IReadOnlyList<string> Volumes) Compose
        = ComposeService.Read("compose.standalone.yaml");

    private static readonly ComposeService Service = Assert.Single(Compose.Services).Value;

    private static readonly Setting[] Settings = [.. ServiceSettings.Of("gateway").Concat(ServiceSettings.Of("billing"))];

    [Fact]
    public async Task Container_OfTheFile_HasTheImagesUserPortAndHealthCheck()
    {
        var container = await ContainerProperties.ReadAsync("Standalone");

        Assert.Equal(container.Repository, Service.Image.Split(':')[0]);
        Assert.Equal(container.User, Service.User);
        Assert.Equal([$"8000:{Assert.Single(container.Ports)}"], Service.Ports);
        Assert.Equal(["CMD", "dotnet", "/app/openai-proxy.dll", "health"], Service.HealthCheck);
    }

    [Fact]
    public void Container_OfTheFile_WritesToOneVolumeOnly()
    {
        Assert.True(Service.IsReadOnly);
        Assert.Equal(["data:/home/app"], Service.Volumes);
        Assert.Equal(["data"], Compose.Volumes);
    }

    [Fact]
    public void Variables_OfTheFile_AreSettings_AndAllThatTheyAlsoGoByExceptFilesOutside()
    {
        Assert.Empty(Service.Variables.Except(ServiceSettings.NamesOf(Settings)));
        Assert.Empty(Service.AskedFor().Except(ServiceSettings.NamesOf(Settings)));
        Assert.Equal(
            Settings.SelectMany(s => s.Aliases).Except(["ssl_certfile", "ssl_keyfile"]).Distinct().Order(),
            Service.Variables.Except(ServiceSettings.Known).Except(Settings.Select(ServiceSettings.VariableOf)).Order());
    }
}
