using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>The manifest, of which <c>azd</c> makes Container Apps: all that a deployment needs, and nothing of the machine where it was written.</summary>
public sealed class ManifestTests(ManifestCommand command) : IClassFixture<ManifestCommand>
{
    private const int UsageError = 64;

    // Variables of .NET and of Aspire's references, which are no settings of ours.
    private static readonly string[] Known =
    [
        "HTTP_PORTS", "ASPNETCORE_FORWARDEDHEADERS_ENABLED", "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY",
        "BILLING_HTTP", "services__billing__http__0",
        "CACHE_HOST", "CACHE_PORT", "CACHE_PASSWORD", "CACHE_URI", "ConnectionStrings__cache", "ConnectionStrings__ledger",
    ];

    private Manifest Manifest => command.Manifest;

    [Fact]
    public void Resources_OfTheManifest_AreTheServicesRedisAndWhatWhoeverDeploysGives()
    {
        Assert.Equal(["billing", "gateway"], Manifest.NamesOf("project"));
        Assert.Equal(["cache"], Manifest.NamesOf("container"));
        Assert.Contains("redis:", Manifest.Resources["cache"].GetProperty("image").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ["access-keys", "admin-token", "cache-password", "internal-token", "ledger", "openai-api-key", "openai-base-url"], Manifest.NamesOf("parameter"));
        Assert.Equal("{ledger.value}", Manifest.Resources["ledger"].GetProperty("connectionString").GetString());
    }

    [Fact]
    public void Address_OfTheUpstream_IsOpenAIsUnlessAnotherIsGiven()
    {
        var input = Manifest.InputOf("openai-base-url");

        Assert.False(input.TryGetProperty("secret", out _));
        Assert.Equal("https://api.openai.com", input.GetProperty("default").GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("openai-api-key")]
    [InlineData("access-keys")]
    [InlineData("internal-token")]
    [InlineData("admin-token")]
    [InlineData("ledger")]
    public void Secret_OfTheDeployment_IsAskedForAndHasNoDefault(string name)
    {
        var input = Manifest.InputOf(name);

        Assert.True(input.GetProperty("secret").GetBoolean());
        Assert.False(input.TryGetProperty("default", out _));
    }

    [Fact]
    public void Password_OfRedis_IsMadeAtTheDeployment()
    {
        var input = Manifest.InputOf("cache-password");

        Assert.True(input.GetProperty("secret").GetBoolean());
        Assert.True(input.GetProperty("default").TryGetProperty("generate", out _));
    }

    [Fact]
    public void Ingress_FromOutside_IsAtTheGatewayAlone() => Assert.Equal(["gateway"], Manifest.External());

    [Fact]
    public void Variables_OfTheGateway_AreThoseThatItHasWhenTheAppRuns()
    {
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["OpenAI__BaseUrl"] = "{openai-base-url.value}",
                ["OpenAI__ApiKey"] = "{openai-api-key.value}",
                ["ConnectionStrings__cache"] = "{cache.connectionString}",
                ["Access__Keys"] = "{access-keys.value}",
                ["Internal__Token"] = "{internal-token.value}",
                ["Metering__JournalDirectory"] = "/tmp/openaiproxy-journal",
                ["services__billing__http__0"] = "{billing.bindings.http.url}",
            },
            OurVariablesOf("gateway"));
    }

    [Fact]
    public void Variables_OfTheBillingService_AreThoseThatItHasWhenTheAppRuns()
    {
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["OpenAI__BaseUrl"] = "{openai-base-url.value}",
                ["ConnectionStrings__cache"] = "{cache.connectionString}",
                ["ConnectionStrings__ledger"] = "{ledger.connectionString}",
                ["Internal__Token"] = "{internal-token.value}",
                ["Billing__AdminToken"] = "{admin-token.value}",
            },
            OurVariablesOf("billing"));
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("billing")]
    public void Variables_OfAService_AreSettingsThatItHas(string name)
    {
        IEnumerable<Setting> settings = name == "gateway" ? GatewaySettings.All : BillingSettings.All;

        Assert.Empty(Manifest.EnvironmentOf(name).Keys.Except(settings.Select(s => s.Name.Replace(":", "__", StringComparison.Ordinal))).Except(Known));
    }

    [Fact]
    public void Secrets_OfTheShell_AreNotInTheManifest()
        => Assert.All(ManifestCommand.Secrets.Values, secret => Assert.DoesNotContain(secret!, Manifest.Text, StringComparison.Ordinal));

    [Theory]
    [InlineData("gateway", "Gateway")]
    [InlineData("billing", "BillingService")]
    public void Path_OfAProject_IsRelativeToTheManifest(string name, string project)
    {
        var path = Manifest.Resources[name].GetProperty("path").GetString()!;

        Assert.False(Path.IsPathRooted(path));
        Assert.Equal(Tree.PathTo("src", project, $"{project}.csproj"), Path.GetFullPath(path, Path.GetDirectoryName(Manifest.File)!));
    }

    [Fact]
    public void Paths_OfThisMachine_AreNotInTheManifest()
    {
        Assert.DoesNotContain(Tree.Root, Manifest.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/", Manifest.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_ToBePublished_IsRefused()
    {
        var (exitCode, text, file) = await command.RunAsync("--demo");

        Assert.Equal(UsageError, exitCode);
        Assert.Contains("--demo is for running, not for publishing", text, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Manifest_WithArgumentsThatOnlyAspireKnows_IsTheSame()
    {
        var other = await command.PublishAsync("--environment", "Staging", "--Logging:LogLevel:Default=Warning");

        Assert.Equal(Manifest.Text, other.Text);
    }

    // Without those that Aspire's references come with besides, under names of its own.
    private Dictionary<string, string> OurVariablesOf(string service)
        => Manifest.EnvironmentOf(service).Where(v => v.Key.Contains("__", StringComparison.Ordinal)).ToDictionary();
}
