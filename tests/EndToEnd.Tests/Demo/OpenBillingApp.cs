using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Demo;

/// <summary>A demo whose upstream tells every key what it has cost, as servers do that are compatible with OpenAI, and OpenAI once did.</summary>
public sealed class OpenBillingApp : IAsyncLifetime
{
    /// <summary>Speaks with the gateway, and waits no longer than anything should take.</summary>
    public HttpClient Client { get; } = new() { Timeout = HangGuard.Limit };

    internal App App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = App.StartDemo(("Simulator__Billing", "Open"));
        Client.BaseAddress = (await App.ReadyAsync()).Address;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
