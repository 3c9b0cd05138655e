using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.EndToEnd.Tests.Documents;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.TestKit;
using StackExchange.Redis;

namespace OpenAIProxy.EndToEnd.Tests.Deploy;

/// <summary>The services themselves, with the environment variables that the deployment gives them.</summary>
public sealed class ServicesWhereBicepRunsTests
{
    [Theory]
    [InlineData("gateway")]
    [InlineData("billing")]
    public async Task Variables_OfAService_AreSettingsThatItHas(string service)
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        Assert.Empty((await AcaDeployment.AppAsync(service)).Environment.Keys.Except(ServiceSettings.NamesOf(ServiceSettings.Of(service))));
    }

    [Fact]
    public async Task Gateway_WithItsVariables_HasWhatTheDeploymentMeans()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var app = await AcaDeployment.AppAsync("gateway");
        // Throws if a setting can't be used, or if everyone could spend the operator's key.
        await using var gateway = ProcessEnvironment.Build(app.Environment, () => GatewayHost.BuildBare("--urls=http://*:0"));
        var settings = gateway.Services.GetRequiredService<GatewaySettings>();

        Assert.Equal(["sk-of-the-operator"], settings.OpenAI.ApiKeys);
        Assert.Equal("https://api.openai.com", settings.OpenAI.BaseUrl);
        Assert.Equal(["fk-first", "fk-second"], settings.Access.Keys.Select(key => key.Key));
        Assert.Equal(new Uri("https://fqdn.billing.azure.invalid"), settings.Billing.Address);
        Assert.Equal(AcaDeployment.Values["internalToken"], app.Environment["Internal__Token"]);
        Assert.NotEmpty(app.Environment["Access__TrustedProxies"]);
    }

    [Fact]
    public async Task Billing_WithItsVariables_HasWhatTheDeploymentMeans()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var app = await AcaDeployment.AppAsync("billing");
        await using var billing = BuildBilling(app.Environment);
        var settings = billing.Services.GetRequiredService<BillingSettings>();

        // The gateway has the same.
        Assert.Equal(AcaDeployment.Values["internalToken"], settings.Accounts.InternalToken);
        Assert.Equal(AcaDeployment.Values["adminToken"], settings.Accounts.AdminToken);
        Assert.Equal(AcaDeployment.Values["cacheSecret"], settings.Cache.Secret);
    }

    [Fact]
    public async Task Ledger_OfTheDeployment_IsItsPostgresThroughTlsThatChecksTheServer()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var deployment = await AcaDeployment.ReadAsync();
        var server = Assert.Single(deployment.Find("Microsoft.DBforPostgreSQL/flexibleServers"))["properties"]!;
        var database = Assert.Single(deployment.Find("Microsoft.DBforPostgreSQL/flexibleServers/databases"))["name"]!.GetValue<string>();
        var connection = new NpgsqlConnectionStringBuilder((await AcaDeployment.AppAsync("billing")).Environment["ConnectionStrings__ledger"]);

        Assert.Equal("fullyqualifieddomainname.server.azure.invalid", connection.Host);
        Assert.Equal(database.Split('/')[^1], connection.Database);
        Assert.Equal(server["administratorLogin"]!.GetValue<string>(), connection.Username);
        Assert.Equal(AcaDeployment.Values["postgresPassword"], connection.Password);
        Assert.Equal(SslMode.VerifyFull, connection.SslMode);
    }

    [Fact]
    public async Task Cache_OfTheDeployment_IsItsRedisThroughTls()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        var database = Assert.Single((await AcaDeployment.ReadAsync()).Find("Microsoft.Cache/redisEnterprise/databases"))["properties"]!;
        var options = ConfigurationOptions.Parse((await AcaDeployment.AppAsync("billing")).Environment["ConnectionStrings__cache"]);

        Assert.Equal($"hostname.redis.azure.invalid:{database["port"]}", Assert.Single(options.EndPoints).ToString()!.Split('/')[^1]);
        Assert.True(options.Ssl);
        Assert.Equal("Encrypted", database["clientProtocol"]!.GetValue<string>());
        Assert.Equal("primarykey.database.azure.invalid", options.Password);
        Assert.Equal("Enabled", database["accessKeysAuthentication"]!.GetValue<string>());
    }

    [Fact]
    public async Task Probes_OfBothServices_AskForPathsThatAnswer()
    {
        if (!BicepCompiler.Runs())
        {
            return;
        }

        await using var gateway = await GatewayHost.StartAsync(new Uri("http://127.0.0.1:9"));
        foreach (var probe in (await AcaDeployment.AppAsync("gateway")).Probes)
        {
            await AssertAnswersAsync(gateway.Client, new Uri(gateway.Address, probe["httpGet"]!["path"]!.GetValue<string>()));
        }

        var folder = Directory.CreateTempSubdirectory("openaiproxy-probes-");
        var billing = BuildBilling(new Dictionary<string, string> { ["Ledger__File"] = Path.Combine(folder.FullName, "ledger.db") });
        await billing.StartAsync(TestContext.Current.CancellationToken);
        foreach (var probe in (await AcaDeployment.AppAsync("billing")).Probes)
        {
            await AssertAnswersAsync(gateway.Client, new Uri(new Uri(billing.Urls.First()), probe["httpGet"]!["path"]!.GetValue<string>()));
        }

        await billing.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static WebApplication BuildBilling(IReadOnlyDictionary<string, string> environment)
        => ProcessEnvironment.Build(environment, () => BillingService.Program.Build(["--urls=http://127.0.0.1:0"]));

    private static async Task AssertAnswersAsync(HttpClient client, Uri address)
    {
        using var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{address.AbsolutePath}: {(int)answer.StatusCode}");
    }
}
