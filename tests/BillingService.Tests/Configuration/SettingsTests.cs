using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.BillingService.Queries;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Tests.Configuration;

public sealed class SettingsTests
{
    public static TheoryData<string> Names { get; } = [.. BillingSettings.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_AtTheEndsOfTheRangeThatIsTold_IsAllowed_AndOneBeyondIsNot(string name)
    {
        foreach (var (value, isAllowed) in SettingRange.Of(BillingSettings.All.Single(s => s.Name == name)))
        {
            if (isAllowed)
            {
                ((IDisposable)BillingHost.BuildBare($"--{name}={value}")).Dispose();
            }
            else
            {
                var e = Assert.Throws<SettingsException>(() => BillingHost.BuildBare($"--{name}={value}"));
                Assert.StartsWith($"{name} is '{value}'; allowed: ", Assert.Single(e.Errors), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("--Billing:Source=Books", "Billing:Source is 'Books'; allowed: Auto, Upstream or Ledger.")]
    [InlineData("--Billing:Source=1", "Billing:Source is '1'; allowed: Auto, Upstream or Ledger.")]
    [InlineData("--Billing:AdminToken=hidden", "Billing:AdminToken has a value that can't be used")]
    [InlineData("--Billing:AdminToken=fk-hidden-0123456789abcdef", "Billing:AdminToken has a value that can't be used")]
    [InlineData("--Billing:AdminToken=hidden but long enough", "Billing:AdminToken has a value that can't be used")]
    [InlineData("--Internal:Token=hidden", "Internal:Token has a value that can't be used")]
    [InlineData("--Ledger:Retention=1h", "Ledger:Retention is '1h'")]
    [InlineData("--Pricing:File=/nowhere/prices.json", "Pricing:File, ")]
    [InlineData("--Billing:CacheToday=soon", "Billing:CacheToday is 'soon'")]
    [InlineData("--Billing:CachePast=31d", "Billing:CachePast is '31d'")]
    [InlineData("--Billing:Timeout=0s", "Billing:Timeout is '0s'")]
    [InlineData("--Billing:CacheSecret=hidden", "Billing:CacheSecret has a value that can't be used")]
    [InlineData("--Billing:Proxy=ftp://user:hidden@proxy", "Billing:Proxy has a value that can't be used")]
    [InlineData("--PROXY=nonsense", "PROXY has a value that can't be used")]
    [InlineData("--Billing:CacheTody=60s", "Billing:CacheTody is not a setting. Did you mean Billing:CacheToday?")]
    [InlineData("--Oidc:ClientSecret=hidden", "To sign in by OpenID Connect, Oidc:Authority and Oidc:ClientId must be set, too.")]
    [InlineData("--Oidc:AdminClaim=groups=hidden", "Oidc:Authority and Oidc:ClientId and Oidc:ClientSecret must be set, too.")]
    [InlineData("--Oidc:Authorty=https://login.example", "Oidc:Authorty is not a setting. Did you mean Oidc:Authority?")]
    [InlineData("--OpenAI:BaseUri=http://x", "OpenAI:BaseUri is not a setting. Did you mean OpenAI:BaseUrl?")]
    [InlineData("--OpenAI:BaseUrl=api.openai.com", "OpenAI:BaseUrl is 'api.openai.com'")]
    [InlineData("--ConnectionStrings:cache=localhost:6379,nonsense=hidden", "ConnectionStrings:cache")]
    public void Setting_ThatIsWrong_StopsTheStartAndNamesIt(string argument, string message)
    {
        var e = Assert.Throws<SettingsException>(() => BillingHost.BuildBare(argument));

        Assert.Contains(message, Assert.Single(e.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Oidc:Authority", "http://login.example", "Oidc:Authority is 'http://login.example'; allowed: an https address")]
    [InlineData("Oidc:Authority", "https://login.example/?a=b", "Oidc:Authority is 'https://login.example/?a=b'")]
    [InlineData("Oidc:Authority", "https://user:hidden@login.example", "Oidc:Authority has a value that can't be used")]
    [InlineData("Oidc:Authority", "login.example", "Oidc:Authority is 'login.example'")]
    [InlineData("Oidc:ClientId", "not visible", "Oidc:ClientId is 'not visible'")]
    [InlineData("Oidc:ClientSecret", "hidden one", "Oidc:ClientSecret has a value that can't be used")]
    [InlineData("Oidc:ClientSecret", "hidden-internal-token", "Oidc:ClientSecret is also Billing:AdminToken or Internal:Token")]
    [InlineData("Oidc:AdminClaim", "groups", "Oidc:AdminClaim is 'groups'; allowed: a claim and its value, such as groups=openaiproxy-admins.")]
    [InlineData("Oidc:AdminClaim", "=admins", "Oidc:AdminClaim is '=admins'")]
    [InlineData("Oidc:Label", "a name that is far too long for a button on a page", "Oidc:Label is ")]
    public void IdentityProvider_ThatCannotBe_StopsTheStartAndIsNamed(string name, string value, string message)
    {
        var e = Assert.Throws<SettingsException>(() => BillingHost.BuildBare(
            "--Internal:Token=hidden-internal-token", "--Oidc:Authority=https://login.example", "--Oidc:ClientId=id", "--Oidc:ClientSecret=hidden",
            $"--{name}={value}"));

        Assert.Contains(message, Assert.Single(e.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IdentityProvider_OnLoopback_MayBeReachedByHttp()
        => ((IDisposable)BillingHost.BuildBare("--Oidc:Authority=http://localhost:9", "--Oidc:ClientId=id", "--Oidc:ClientSecret=secret")).Dispose();

    [Theory]
    [InlineData("Production", "Production", 1)]
    [InlineData("Development", "Development", 1)]
    [InlineData("Development", "Production", 0)]
    public void SettingsFile_OfTheEnvironment_ThatIsNotRead_StopsTheStart(string environment, string file, int errors)
    {
        var folder = Directory.CreateTempSubdirectory("openaiproxy-settings-");
        var shell = Directory.CreateTempSubdirectory("openaiproxy-shell-");
        try
        {
            // One beside another that is read, and that one is of another name.
            File.WriteAllText(Path.Combine(folder.FullName, "appsettings.json"), """{"Billing":{"CacheToday":"60s"}}""");
            var unread = Path.Combine(shell.FullName, $"appsettings.{file}.json");
            File.WriteAllText(unread, """{"Billing":{"CacheToday":"61s"}}""");

            var found = Errors(() => ProcessEnvironment.Build(
                [KeyValuePair.Create("PWD", shell.FullName)],
                () => BillingService.Program.Build([$"--contentRoot={folder.FullName}", $"--environment={environment}"])));

            Assert.Equal(errors, found.Count(e => e.Contains($"{unread} holds settings, but is not read: only {Path.Combine(folder.FullName, Path.GetFileName(unread))} is.", StringComparison.Ordinal)));
            Assert.Equal(errors, found.Count);
        }
        finally
        {
            folder.Delete(recursive: true);
            shell.Delete(recursive: true);
        }

        static IReadOnlyList<string> Errors(Func<WebApplication> build)
        {
            try
            {
                build();
                return [];
            }
            catch (SettingsException e)
            {
                return [.. e.Errors];
            }
        }
    }

    [Fact]
    public void Settings_WithManyErrors_NameThemAll()
    {
        var e = Assert.Throws<SettingsException>(
            () => BillingHost.BuildBare("--Billing:Source=x", "--Billing:CachePast=x", "--OpenAI:BaseUrl=x", "--Billing:Nonsense=1"));

        Assert.Equal(4, e.Errors.Count);
    }

    [Theory]
    // Each failed attempt to connect would be a stack trace, each SQL command a line.
    [InlineData("StackExchange.Redis.ConnectionMultiplexer", LogLevel.Critical)]
    [InlineData("Npgsql.Command", LogLevel.Information)]
    public void Client_OfADependency_LogsNotAtThisLevelUnlessAskedTo(string category, LogLevel level)
    {
        using var plain = (IDisposable)BillingHost.BuildBare();
        using var asked = (IDisposable)BillingHost.BuildBare($"--Logging:LogLevel:{category}=Trace");

        Assert.False(IsEnabled((WebApplication)plain));
        Assert.True(IsEnabled((WebApplication)asked));

        bool IsEnabled(WebApplication app) => app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level);
    }

    [Fact]
    public void PriceFile_WithManyErrors_IsListedWithTheOthers()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{"prices":[{"model":"a","kind":"poem"},{"model":"b","kind":"chat","tokens":{"default":{"input":-1}}}]}""");

        var e = Assert.Throws<SettingsException>(() => BillingHost.BuildBare($"--Pricing:File={file}", "--Billing:Source=x"));

        Assert.Single(e.Errors, error => error.Contains("Billing:Source", StringComparison.Ordinal));
        Assert.True(e.Errors.Count(error => error.StartsWith("Pricing:File, ", StringComparison.Ordinal)) >= 2);
        File.Delete(file);
    }

    [Fact]
    public void Defaults_InTheTable_AreThoseThatHold()
    {
        var settings = BillingSettings.Read(new Microsoft.Extensions.Configuration.ConfigurationManager());

        Assert.Equal(
            ["Auto", "60s", "24h", "-", "60s", "-"],
            BillingSettings.All.Where(s => s.Section == "Billing" && s.Name != "Billing:AdminToken").Select(s => s.Default));
        Assert.Equal(
            (BillingSource.Auto, TimeSpan.FromSeconds(60), TimeSpan.FromHours(24), null, TimeSpan.FromSeconds(60), null),
            (settings.Queries.Source, settings.Cache.Today, settings.Cache.Past, settings.Cache.Secret, settings.Upstream.Timeout, settings.Upstream.Proxy));
    }

    [Theory]
    [InlineData("Auto")]
    [InlineData("upstream")]
    [InlineData("Ledger")]
    public async Task Source_ThatIsAllowed_Answers(string source)
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Source", source));

        Assert.Equal(HttpStatusCode.OK, (await rig.Billing.GetAsync("/billing/credit_grants")).Status);
    }

    [Fact]
    public void Address_WithoutAnyGiven_IsPort8001OfThisMachine()
    {
        var app = BillingHost.BuildBare();

        Assert.Equal("http://localhost:8001", app.Configuration["urls"]);
    }

    [Theory]
    [InlineData("--urls=http://127.0.0.1:8123", "urls", "http://127.0.0.1:8123")]
    [InlineData("--http_ports=8124", "urls", null)]
    public void Address_ThatIsGiven_Wins(string argument, string name, string? value)
    {
        var app = BillingHost.BuildBare(argument);

        Assert.Equal(value, app.Configuration[name]);
    }

    [Fact]
    public async Task Body_OfAnySize_IsNotRead()
    {
        await using var rig = await BillingRig.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard/billing/subscription")
        {
            Content = new ByteArrayContent(new byte[100_000]),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Keys.Secret}");

        using var response = await rig.Billing.Client.SendAsync(request).Guarded();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
