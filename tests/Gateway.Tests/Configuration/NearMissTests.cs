using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Configuration;

/// <summary>A variable that looks like a setting and is none stops the start: nothing is ignored that was meant.</summary>
[Collection(nameof(Alone))]
public sealed class NearMissTests
{
    [Theory]
    [InlineData("FORWARD_KEYS", "FORWARD_KEY")]
    [InlineData("FORWARDKEY", "FORWARD_KEY")]
    [InlineData("FOWARD_KEY", "FORWARD_KEY")]
    [InlineData("forward_keys", "FORWARD_KEY")]
    [InlineData("OPENAI_APIKEY", "OPENAI_API_KEY")]
    [InlineData("OPENAI_API_KEYS", "OPENAI_API_KEY")]
    [InlineData("OPENAI_KEY", "OPENAI_API_KEY")]
    [InlineData("OPNEAI_API_KEY", "OPENAI_API_KEY")]
    [InlineData("OPENAI_BASE_URI", "OPENAI_BASE_URL")]
    [InlineData("OPENAI_URL", "OPENAI_BASE_URL")]
    [InlineData("APIBASE", "API_BASE")]
    [InlineData("ROUTE_PREFX", "ROUTE_PREFIX")]
    [InlineData("IP_WHITE_LIST", "IP_WHITELIST")]
    [InlineData("ACCESS_CONTROL_ALLOW_ORIGINS", "ACCESS_CONTROL_ALLOW_ORIGIN")]
    [InlineData("TIMEOUTS", "TIMEOUT")]
    [InlineData("ACCESS_KEYS", "Access__Keys")]
    [InlineData("Internal_Token", "Internal__Token")]
    [InlineData("ConnectionStrings__legder", "ConnectionStrings__ledger")]
    [InlineData("ConnectionStrings__chache", "ConnectionStrings__cache")]
    [InlineData("ConnectionString__cache", "ConnectionStrings__cache")]
    [InlineData("ConectionStrings__Ledgr", "ConnectionStrings__ledger")]
    [InlineData("service__billing__http__0", "services__billing__http__0")]
    [InlineData("services__biling__http__0", "services__billing__http__0")]
    [InlineData("services__billing__htp__0", "services__billing__http__0")]
    [InlineData("services__billing__http", "services__billing__http__0")]
    [InlineData("services__billing__0", "services__billing__http__0")]
    public void Variable_ThatLooksLikeASetting_StopsTheStart(string name, string meant)
    {
        var error = Assert.Throws<SettingsException>(() => Build(name, "http://127.0.0.1:1"));

        var line = Assert.Single(error.Errors, e => e.Contains("Did you mean", StringComparison.Ordinal));
        Assert.StartsWith(name.Replace("__", ":", StringComparison.Ordinal), line, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(meant, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP_PROXY")]
    [InlineData("HTTPS_PROXY")]
    [InlineData("OPENAI_ADMIN_KEY")]
    [InlineData("OPENAI_ORG_ID")]
    [InlineData("SSL_CERT_FILE")]
    [InlineData("OPENAI_API_BASE")]
    [InlineData("BILLING_PORT")]
    [InlineData("BILLING_HTTP")]
    [InlineData("BASE_URL")]
    [InlineData("KEY")]
    [InlineData("TMOUT")]
    [InlineData("PORTS")]
    [InlineData("ConnectionStrings__orders")]
    [InlineData("services__orders__http__0")]
    [InlineData("services__billing__http__1", "services__billing__http__0", "Internal__Token")]
    public void Variable_OfSomebodyElse_StopsNothing(params string[] names)
    {
        var app = ProcessEnvironment.Build(
            [.. names.Select(n => KeyValuePair.Create(n, n == "Internal__Token" ? "0123456789abcdef" : "http://127.0.0.1:1"))],
            () => Gateway.Program.Build(["--urls=http://127.0.0.1:0"]));

        Assert.NotNull(app);
    }

    [Fact]
    public void Variable_ThatIsEmpty_StopsNothing()
    {
        Assert.NotNull(Build("FORWARD_KEYS", " "));
    }

    [Fact]
    public void AccessKey_ThatIsTheOperatorsOwn_StopsTheStart()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("OPENAI_API_KEY", "sk-a, sk-b"), ("FORWARD_KEY", "fk-x sk-b")));

        Assert.Contains("FORWARD_KEY", Assert.Single(error.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsFile_ThatIsNotRead_StopsTheStart_AndThatOfTheContentRootIsRead()
    {
        var folder = Directory.CreateTempSubdirectory("openaiproxy-settings-");
        var shell = Directory.CreateTempSubdirectory("openaiproxy-shell-");
        try
        {
            File.WriteAllText(Path.Combine(shell.FullName, "appsettings.json"), """{"Access":{"DeniedNetworks":"10.0.0.0/8"}}""");
            var error = Assert.Throws<SettingsException>(() => InShell(folder, shell));
            Assert.Contains(Path.Combine(shell.FullName, "appsettings.json"), Assert.Single(error.Errors), StringComparison.Ordinal);
            Assert.Contains(Path.Combine(folder.FullName, "appsettings.json"), error.Message, StringComparison.Ordinal);

            File.WriteAllText(Path.Combine(shell.FullName, "appsettings.json"), """{"Orders":{"Keys":"x"}}""");
            File.WriteAllText(Path.Combine(folder.FullName, "appsettings.json"), """{"Access":{"DeniedNetworks":"nowhere"}}""");
            error = Assert.Throws<SettingsException>(() => InShell(folder, shell));
            Assert.Contains("nowhere", Assert.Single(error.Errors), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
            shell.Delete(recursive: true);
        }

        static object InShell(DirectoryInfo contentRoot, DirectoryInfo shell) => ProcessEnvironment.Build(
            [KeyValuePair.Create("PWD", shell.FullName)],
            () => Gateway.Program.Build(["--urls=http://127.0.0.1:0", $"--contentRoot={contentRoot.FullName}"]));
    }

    private static Microsoft.AspNetCore.Builder.WebApplication Build(string name, string value)
        => ProcessEnvironment.Build([KeyValuePair.Create(name, value)], () => Gateway.Program.Build(["--urls=http://127.0.0.1:0"]));
}
