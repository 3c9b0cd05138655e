using OpenAIProxy.BrowserKit;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

[assembly: AssemblyFixture(typeof(OpenAIProxy.EndToEnd.Tests.DemoApp))]
[assembly: AssemblyFixture(typeof(Chromium))]

namespace OpenAIProxy.EndToEnd.Tests;

/// <summary>The demo, once for all tests that only use it: <c>dotnet run --project src/AppHost -- --demo --port N</c>.</summary>
public sealed class DemoApp : IAsyncLifetime
{
    private Banner? _banner;

    /// <summary>The gateway's address.</summary>
    public Uri Address => Banner.Address;

    /// <summary>What an OpenAI SDK wants as base URL.</summary>
    public Uri BaseUrl => new(Address, "/v1");

    /// <summary>Speaks with the gateway, and waits no longer than anything should take.</summary>
    public HttpClient Client { get; } = new() { Timeout = HangGuard.Limit };

    internal Banner Banner => _banner ?? throw new InvalidOperationException("The demo has not started.");

    internal App App { get; private set; } = null!;

    /// <summary>A key that nobody has used before: what was cached for others can't be seen with it.</summary>
    public static string NewKey() => $"sk-e2e-{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        App = App.StartDemo(("Simulator__RecordAll", "true"));
        _banner = await App.ReadyAsync();
        Client.BaseAddress = Address;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
