using System.Text;
using OpenAIProxy.AppHost.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.AppHost.Tests;

/// <summary>Secrets at the most talkative log level: in no output and in no temporary file, and only with the services that need them.</summary>
public sealed class SecretsTests(SharedApps apps)
{
    private const string InternalToken = "secret-between-the-services";
    private const string AdminToken = "secret-of-the-admin";
    private const string CachePassword = "secret-of-the-cache";

    [Fact]
    public async Task Secrets_ThatAreConfigured_AreInNoOutputAndReachOnlyWhoNeedsThem()
    {
        await using var upstream = await SimulatorHost.StartAsync();
        await using var postgres = await PostgresServer.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await redis.CommandAsync("CONFIG", "SET", "requirepass", CachePassword);
        var ledger = $"{await postgres.CreateDatabaseAsync()};Application Name=secret-of-the-ledger";
        await using var app = AppHostProcess.Start(
            ["--port", "0"],
            [
                ("OPENAI_BASE_URL", upstream.Address.ToString()), ("OPENAI_API_KEY", SharedApps.OperatorKey), ("FORWARD_KEY", SharedApps.AccessKey),
                ("Internal__Token", InternalToken), ("Billing__AdminToken", AdminToken), ("ConnectionStrings__ledger", ledger),
                ("ConnectionStrings__cache", $"{redis.ConnectionString},password={CachePassword}"), .. AppHostProcess.TraceLogging,
            ]);
        await app.ReadyAsync();
        var gateway = Values(app, "Gateway");
        var billing = Values(app, "BillingService");
        AssertNotInFiles(app, SharedApps.OperatorKey, SharedApps.AccessKey, InternalToken, AdminToken, CachePassword, "secret-of-the-ledger");
        await app.StopAsync();

        Assert.All(
            [SharedApps.OperatorKey, SharedApps.AccessKey, InternalToken, CachePassword], key => Assert.Contains(key, gateway, StringComparison.Ordinal));
        Assert.All([AdminToken, "secret-of-the-ledger"], secret => Assert.DoesNotContain(secret, gateway, StringComparison.Ordinal));
        Assert.All(
            [AdminToken, CachePassword, "secret-of-the-ledger", InternalToken], secret => Assert.Contains(secret, billing, StringComparison.Ordinal));
        Assert.All([SharedApps.OperatorKey, SharedApps.AccessKey], key => Assert.DoesNotContain(key, billing, StringComparison.Ordinal));
        AssertIsTalkative(app);
        AssertNotIn(app.Text, SharedApps.OperatorKey, SharedApps.AccessKey, InternalToken, AdminToken, CachePassword, "secret-of-the-ledger");
    }

    [Fact]
    public async Task Secrets_ThatAreMadeAtStart_AreInNoOutputButTheAdminTokenInTheWelcome()
    {
        var app = await apps.TracedAsync();
        var billing = app.ProcessOf("BillingService").Environment;
        var internalToken = billing["Internal__Token"];
        var adminToken = billing["Billing__AdminToken"];
        var password = billing["ConnectionStrings__cache"].Split("password=")[1];
        Assert.All([internalToken, adminToken, password], secret => Assert.Equal(32, secret.Length));

        AssertIsTalkative(app);
        AssertNotIn(app.Text, internalToken, password, SharedApps.OperatorKey, SharedApps.AccessKey);
        AssertNotInFiles(app, internalToken, adminToken, password, SharedApps.OperatorKey, SharedApps.AccessKey);
        // It is for whoever started the app, and said once.
        Assert.Equal(2, app.Text.Split(adminToken).Length);
        Assert.DoesNotContain(app.Look(), p => new[] { internalToken, adminToken, password }.Any(s => p.CommandLine.Contains(s, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Keys_InTheShellOfADemo_ReachNeitherBillingNorTheSimulator()
    {
        var app = await apps.TracedAsync();

        Assert.All(["BillingService", "Simulator"], project => AssertNotIn(Values(app, project), SharedApps.OperatorKey, SharedApps.AccessKey));
        // The simulator gets a key that is worth nothing; callers need theirs all the same.
        AssertNotIn(Values(app, "Gateway"), SharedApps.OperatorKey);
        Assert.Contains(SharedApps.AccessKey, Values(app, "Gateway"), StringComparison.Ordinal);
    }

    private static string Values(AppHostProcess app, string project) => string.Join('\n', app.ProcessOf(project).Environment.Select(e => $"{e.Key}={e.Value}"));

    private static void AssertIsTalkative(AppHostProcess app) => Assert.Contains("trce: ", app.Output, StringComparison.Ordinal);

    private static void AssertNotIn(string text, params string[] secrets)
        => Assert.All(secrets, secret => Assert.DoesNotContain(text.Split('\n'), line => line.Contains(secret, StringComparison.Ordinal)));

    private static void AssertNotInFiles(AppHostProcess app, params string[] secrets)
    {
        // The runtime's pipes for debuggers are no files: opening one waits for a debugger.
        foreach (var file in app.TemporaryFiles.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => !f.Name.StartsWith("clr-debug-pipe", StringComparison.Ordinal)))
        {
            try
            {
                using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var reader = new StreamReader(stream, Encoding.Latin1);
                AssertNotIn($"{file.FullName}: {reader.ReadToEnd()}", secrets);
            }
            catch (IOException)
            {
                // A socket, or gone meanwhile.
            }
        }
    }
}
