using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Lifetime;

/// <summary>However the app is ended, nothing of it stays.</summary>
public sealed class EndTests
{
    [Fact]
    public async Task App_AfterCtrlC_HasEndedWithAllItStarted()
    {
        await using var app = App.StartDemo();
        await app.ReadyAsync();
        // The command, the AppHost, the gateway, billing, the simulator and Redis.
        Assert.True(app.Look().Count >= 6, string.Join(Environment.NewLine, app.Look()));

        app.PressCtrlC();

        Assert.Equal(0, await app.GoneAsync());
        Assert.EndsWith($"Stopped.{Environment.NewLine}", app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_AfterCtrlCInTheMiddleOfTheStart_HasEndedWithAllItStarted()
    {
        await using var app = App.StartDemo();
        await app.SaysAsync("simulator listens");

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
        Assert.Contains("Stopped.", app.Text, StringComparison.Ordinal);
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

    [Fact]
    public async Task AppHost_ToldToTerminate_EndsAllItStarted()
    {
        await using var app = App.StartDemo();
        await app.ReadyAsync();

        Signals.Send(app.ProcessOf("AppHost").Id, Signals.Terminate);

        Assert.Equal(0, await app.GoneAsync());
    }

    [Fact]
    public async Task AppHost_KilledOutright_LeavesNoProcessBehind()
    {
        await using var app = App.StartDemo();
        await app.ReadyAsync();

        Signals.Send(app.ProcessOf("AppHost").Id, Signals.Kill);

        Assert.NotEqual(0, await app.GoneAsync());
    }

    [Fact]
    public async Task Service_KilledOutright_EndsTheAppWithAWord()
    {
        await using var app = App.StartDemo();
        await app.ReadyAsync();

        Signals.Send(app.ProcessOf("BillingService").Id, Signals.Kill);

        Assert.NotEqual(0, await app.GoneAsync());
        Assert.Contains("billing was killed by signal 9", app.Error, StringComparison.Ordinal);
    }
}
