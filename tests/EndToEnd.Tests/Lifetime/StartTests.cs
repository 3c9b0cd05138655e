using System.Net;
using System.Net.Sockets;
using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Lifetime;

/// <summary>Starts that can't be, and the one without a redis-server.</summary>
public sealed class StartTests
{
    private const string Grants = "/billing/credit_grants?start_date=2023-01-01&end_date=2023-05-01";

    [Fact]
    public async Task App_OnAPortInUse_SaysSoAndFails()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var app = App.Start(["--demo", "--port", $"{port}"]);

        Assert.NotEqual(0, await app.GoneAsync());
        Assert.Contains($"Port {port} is in use", app.Error, StringComparison.Ordinal);
        Assert.Contains("--port", app.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_WithASettingThatAServiceCantUse_ShowsItsLinesAndFails()
    {
        await using var app = App.StartDemo(("Forwarding__ConnectTimeout", "soon"));

        Assert.NotEqual(0, await app.GoneAsync());
        Assert.Contains("Forwarding:ConnectTimeout is 'soon'", app.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", app.Text, StringComparison.Ordinal);
        Assert.Null(Banner.Find(app.Text));
    }

    // The others of this kind are those of the AppHost without "dotnet run" before it: AppHost.Tests.
    [Fact]
    public async Task App_WithAnUnknownArgument_ShowsItsUsageAndFails()
    {
        await using var app = App.Start(["--prot"]);

        Assert.NotEqual(0, await app.GoneAsync());
        Assert.Contains("'--prot'", app.Error, StringComparison.Ordinal);
        Assert.Contains("dotnet run --project src/AppHost", app.Error, StringComparison.Ordinal);
        Assert.Contains("--demo", app.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_WithoutARedisServer_SaysSoAndAnswersFromMemory()
    {
        using var folder = new PathWithout("redis-server", "docker", "podman");
        await using var app = App.StartDemo(
            ("PATH", folder.Path), ("Simulator__Billing", "Open"), ("Ledger__File", null), ("Metering__JournalDirectory", null));
        var banner = await app.ReadyAsync();
        // A demo's usage is kept in the tree, apart from what was really used.
        Assert.Equal(Tree.PathTo(".data", "demo", "ledger.db"), app.ProcessOf("BillingService").Environment["Ledger__File"]);
        Assert.Equal(Tree.PathTo(".data", "demo", "journal"), app.ProcessOf("Gateway").Environment["Metering__JournalDirectory"]);
        Assert.Contains("memory", banner.Cache, StringComparison.Ordinal);
        Assert.Contains("no redis-server", banner.Cache, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Look(), p => p.CommandLine.Contains("redis", StringComparison.OrdinalIgnoreCase));

        using var client = new HttpClient { BaseAddress = banner.Address };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + DemoApp.NewKey());
        // Without dates "today" is asked for, which may be over before the second question.
        using var first = await client.GetAsync(Grants);
        using var second = await client.GetAsync(Grants);
        Assert.Equal("miss", first.Headers.GetValues("x-openaiproxy-cache").Single());
        Assert.Equal("hit", second.Headers.GetValues("x-openaiproxy-cache").Single());
    }

    [Fact]
    public async Task App_WithARedisServerThatNeverListens_AnswersWithoutIt()
    {
        using var folder = new PathWithout("redis-server", "docker", "podman");
        var idle = Path.Combine(folder.Path, "redis-server");
        await File.WriteAllTextAsync(idle, "#!/bin/sh\nexec sleep 86400\n");
        Assert.Equal(0, (await RunningCommand.RunAsync("chmod", ["+x", idle])).ExitCode);
        await using var app = App.StartDemo(("PATH", folder.Path));
        var banner = await app.ReadyAsync();

        Assert.Contains(app.Look(), p => p.CommandLine.Contains("sleep", StringComparison.Ordinal));
        using var client = new HttpClient { BaseAddress = banner.Address };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + DemoApp.NewKey());
        using var answer = await client.GetAsync("/billing/credit_grants");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
