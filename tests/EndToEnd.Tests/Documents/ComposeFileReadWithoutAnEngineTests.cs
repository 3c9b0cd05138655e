using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>compose.yaml against the projects whose images it runs. Without a container engine: the services run as processes.</summary>
public sealed class ComposeFileReadWithoutAnEngineTests(DemoApp demo)
{
    private static readonly (IReadOnlyDictionary<string, ComposeService> Services, IReadOnlyList<string> Volumes) Compose = ComposeService.Read();

    [Fact]
    public void Services_OfTheFile_AreGatewayBillingAndRedis_AndPostgreSQLIfItIsAskedFor()
    {
        Assert.Equal(["billing", "cache", "gateway"], Compose.Services.Values.Where(s => s.Profiles.Count == 0).Select(s => s.Name).Order());
        Assert.Equal(["postgres"], Compose.Services.Values.Single(s => s.Profiles.Count > 0).Profiles);
        Assert.StartsWith("postgres:", Compose.Services["postgres"].Image, StringComparison.Ordinal);
        Assert.Empty(Compose.Services["postgres"].Ports);
        Assert.StartsWith("redis:", Compose.Services["cache"].Image, StringComparison.Ordinal);
        Assert.Contains("--appendonly", Assert.IsType<List<object>>(Compose.Services["cache"].Keys["command"]));
    }

    [Theory]
    [InlineData("gateway", "Gateway")]
    [InlineData("billing", "BillingService")]
    public async Task Service_OfAProject_HasItsContainersImageUserAndPort(string name, string project)
    {
        var service = Compose.Services[name];
        var container = await ContainerProperties.ReadAsync(project);

        // [registry/]repository[:tag]
        Assert.Equal(container.Repository, service.Image.Split('/')[^1].Split(':')[0]);
        Assert.Equal(container.User, service.User);
        var port = Assert.Single(container.Ports);
        Assert.Equal(["CMD", "dotnet", $"/app/{project}.dll", "--health", $"http://127.0.0.1:{port}/health/ready"], service.HealthCheck);
        if (name == "gateway")
        {
            Assert.Equal([$"8000:{port}"], service.Ports);
        }
        else
        {
            Assert.Empty(service.Ports);
            Assert.Equal($"http://{name}:{port}", Compose.Services["gateway"].Environment(Shell())["services__billing__http__0"]);
        }
    }

    [Fact]
    public void Redis_OfTheFile_IsReachedByTheServicesAloneAndIsNotRoot()
    {
        var cache = Compose.Services["cache"];

        Assert.Empty(cache.Ports);
        Assert.False(cache.User is "root" or "0");
        Assert.Equal("cache:6379", Compose.Services["billing"].Environment(Shell())["ConnectionStrings__cache"]);
        Assert.Equal("cache:6379", Compose.Services["gateway"].Environment(Shell())["ConnectionStrings__cache"]);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("billing")]
    public void Variables_OfAService_AreSettingsThatItHas(string name)
        => Assert.Empty(Compose.Services[name].Variables.Except(ServiceSettings.NamesOf(ServiceSettings.Of(name))));

    [Theory]
    [InlineData("gateway", "ssl_certfile", "ssl_keyfile")]
    [InlineData("billing", "OPENAI_API_KEY")]
    public void Variables_OfAService_AreAllThatItsSettingsAlsoGoByExceptFilesOutsideAndKeysOfOthers(string name, params string[] left)
        => Assert.Equal(
            ServiceSettings.Of(name).SelectMany(s => s.Aliases).Except(left).Order(),
            Compose.Services[name].Variables.Except(ServiceSettings.Known).Except(ServiceSettings.Of(name).Select(ServiceSettings.VariableOf)).Order());

    [Fact]
    public void Services_OfTheFile_ShareTheirSecretAndKeepWhatTheyWriteOnVolumes()
    {
        var shell = Shell("Internal__Token=0123456789abcdef");
        var (gateway, billing) = (Compose.Services["gateway"], Compose.Services["billing"]);

        Assert.Equal("0123456789abcdef", gateway.Environment(shell)["Internal__Token"]);
        Assert.Equal("0123456789abcdef", billing.Environment(shell)["Internal__Token"]);
        Assert.Contains(gateway.Volumes, v => IsBelow(v, gateway.Environment(shell)["Metering__JournalDirectory"]));
        Assert.Contains(billing.Volumes, v => IsBelow(v, billing.Environment(shell)["Ledger__File"]));

        static bool IsBelow(string volume, string path) => path.StartsWith(volume.Split(':')[1] + "/", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateway")]
    [InlineData("billing")]
    public void Telemetry_OfAService_IsAskedOfTheShell(string name)
        => Assert.Empty(ServiceSettings.Known.Where(v => v.StartsWith("OTEL_EXPORTER_", StringComparison.Ordinal)).Except(Compose.Services[name].AskedFor()));

    [Fact]
    public void FileOfSettings_OfBothServices_IsOneAndMayBeMissing()
        => Assert.All([Compose.Services["gateway"], Compose.Services["billing"]], s
            => Assert.Equal(new Dictionary<string, bool> { ["openaiproxy.env"] = false }, s.EnvironmentFiles));

    [Fact]
    public async Task FileOfSettings_WithThoseOfBothServices_StopsNeither()
    {
        await using var app = App.StartDemo(("Access__AllowCallerKeys", "false"), ("Forwarding__IdleTimeout", "1h"), ("Billing__CacheToday", "5m"));

        // Ready is ready with both.
        await app.ReadyAsync();
        foreach (var service in (string[])["Gateway", "BillingService"])
        {
            var variables = app.ProcessOf(service).Environment;
            Assert.All(["Access__AllowCallerKeys", "Forwarding__IdleTimeout", "Billing__CacheToday"], name => Assert.Contains(name, variables));
        }
    }

    [Fact]
    public void Variables_AskedOfTheShell_AreSettingsExceptTheDatabasesOwnPassword()
        => Assert.Equal(
            ["POSTGRES_PASSWORD"], Compose.Services.Values.SelectMany(s => s.AskedFor()).Except(ServiceSettings.NamesOf(SettingsRow.Settings)));

    [Theory]
    [InlineData("OPENAI_API_KEY=sk-1", "FORWARD_KEY=fk-1")]
    [InlineData]
    public async Task Gateway_WithTheVariablesOfTheFile_CanStart(params string[] shell)
    {
        var settings = Compose.Services["gateway"].Environment(Shell(shell)).Where(v => !ServiceSettings.Known.Contains(v.Key))
            .Select(v => (v.Key.Replace("__", ":", StringComparison.Ordinal), v.Value));

        // Throws if a setting can't be used, or if everyone could spend the operator's key.
        await using var gateway = GatewayHost.Build([.. settings, ("urls", "http://*:0")]);
    }

    [Theory]
    [InlineData("Gateway")]
    [InlineData("BillingService")]
    public async Task HealthCheck_OfAService_TellsAHealthyOneFromNone(string project)
    {
        var service = Path.Combine(Tree.OutputOf(project), project + ".dll");
        // A probe has little patience, on a busy machine too: container engines ask again.
        await HangGuard.Until(() => ProbeAsync(demo.Address), exitCode => exitCode == 0, "the demo is healthy");
        Assert.Equal(1, await ProbeAsync(new Uri($"http://127.0.0.1:{FreePort.Take()}")));

        async Task<int> ProbeAsync(Uri address)
            => (await RunningCommand.RunAsync("dotnet", [service, "--health", new Uri(address, "/health/ready").ToString()])).ExitCode;
    }

    [Fact]
    public void Dependencies_OnHealth_AreOnServicesThatHaveAHealthCheck()
        => Assert.All(Compose.Services.Values.SelectMany(s => s.DependsOn).Where(d => d.Value == "service_healthy"), d
            => Assert.NotEmpty(Compose.Services[d.Key].HealthCheck));

    [Fact]
    public void Volumes_OfTheServices_AreDeclared()
        => Assert.Empty(Compose.Services.Values.SelectMany(s => s.Volumes).Select(v => v.Split(':')[0])
            .Where(v => v[0] is not ('.' or '/')).Except(Compose.Volumes));

    private static Dictionary<string, string> Shell(params string[] variables) => variables.Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
}
