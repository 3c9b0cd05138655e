using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Lifetime;

/// <summary>However the app is ended, nothing of it stays: no service, no Redis, nothing of Aspire's orchestrator and dashboard.</summary>
public sealed class EndTests
{
    [Fact]
    public async Task App_AfterCtrlCInTheMiddleOfTheStart_HasEndedWithAllItStarted()
    {
        await using var app = App.StartDemo();
        await app.RunsAsync("Simulator");
        Assert.Null(Banner.Find(app.Output));

        app.PressCtrlC();

        Assert.Equal(0, await app.GoneAsync());
    }

    [Fact]
    public async Task App_AfterCtrlCWithAStreamOpen_HasEndedWithAllItStarted()
    {
        await using var app = App.StartDemo();
        var banner = await app.ReadyAsync();
        await using var stream = RunningCommand.Shell("exec " + banner.Curl + " -sS -H 'x-sim-fault: hang'");
        Assert.True(await stream.StandardOutput.WaitAsync(text => text.Contains("data:", StringComparison.Ordinal), stream.Exited));

        app.PressCtrlC();

        Assert.Equal(0, await app.GoneAsync());
        // A stream that was cut must not look complete.
        Assert.NotEqual(0, (await stream.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task App_AfterCtrlCTypedIntoItsTerminal_HasEndedWithAllItStarted()
    {
        await using var app = App.StartDemoInTerminal();
        await app.SaysAsync("Press Ctrl-C to stop.");
        app.Look();

        await app.TypeAsync("\x03");

        Assert.Equal(0, await app.GoneAsync());
    }

    [Fact]
    public async Task App_WhoseTerminalGoesAway_HasEndedWithAllItStarted()
    {
        await using var app = App.StartDemoInTerminal();
        await app.SaysAsync("Press Ctrl-C to stop.");
        app.Look();

        app.CloseTerminal();

        await app.GoneAsync();
    }

    [Theory]
    [InlineData("AppHost")]
    [InlineData("dotnet run")]
    public async Task App_ToldToTerminate_HasEndedWithAllItStarted(string target)
    {
        await using var app = App.StartDemo();
        await app.ReadyAsync();

        Signals.Send(target == "AppHost" ? app.ProcessOf("AppHost").Id : app.CommandId, Signals.Terminate);

        Assert.Equal(0, await app.GoneAsync());
    }

    [Theory]
    [InlineData("AppHost")]
    [InlineData("dotnet run")]
    public async Task App_KilledOutright_LeavesNoProcessBehind(string target)
    {
        await using var app = App.StartDemo();
        await app.ReadyAsync();

        Signals.Send(target == "AppHost" ? app.ProcessOf("AppHost").Id : app.CommandId, Signals.Kill);

        Assert.NotEqual(0, await app.GoneAsync());
    }

    [Fact]
    public async Task App_WhoseServiceAndDashboardWereKilled_SaysSoGoesOnAndEndsWithAllItStarted()
    {
        await using var app = App.StartDemo();
        var banner = await app.ReadyAsync();

        Signals.Send(app.ProcessOf("BillingService").Id, Signals.Kill);
        await app.ComplainsAsync("billing has ended with exit code 137");
        Signals.Send(app.Look().Single(process => process.CommandLine.Contains("Aspire.Dashboard", StringComparison.Ordinal)).Id, Signals.Kill);
        await app.ComplainsAsync("aspire-dashboard has ended");

        await using var chat = RunningCommand.Shell(banner.Curl);
        Assert.EndsWith("data: [DONE]\n\n", (await chat.EndAsync()).Output, StringComparison.Ordinal);
        // The services' telemetry has nowhere to go: that must not hold up their end.
        app.PressCtrlC();
        Assert.Equal(0, await app.GoneAsync());
    }

    [Fact]
    public async Task TwoApps_AtTheSameTime_HaveDashboardsOfTheirOwnAndEndAloneWithAllTheyStarted()
    {
        await using var first = App.StartDemo();
        await using var second = App.StartDemo();
        var banners = await Task.WhenAll(first.ReadyAsync(), second.ReadyAsync());
        Assert.All(banners, banner => Assert.StartsWith("http://", banner.Dashboard, StringComparison.Ordinal));
        Assert.NotEqual(new Uri(banners[0].Dashboard).Authority, new Uri(banners[1].Dashboard).Authority);

        Assert.All(
            ["/AppHost", "/Gateway", "/BillingService", "/Simulator", "redis-server", "/dcp ", "Aspire.Dashboard"],
            part => Assert.Contains(first.Look(), process => process.CommandLine.Contains(part, StringComparison.Ordinal)));

        first.PressCtrlC();
        Assert.Equal(0, await first.GoneAsync());
        Assert.DoesNotContain("   at ", first.Text, StringComparison.Ordinal);

        await using var chat = RunningCommand.Shell(banners[1].Curl);
        Assert.EndsWith("data: [DONE]\n\n", (await chat.EndAsync()).Output, StringComparison.Ordinal);
    }
}
