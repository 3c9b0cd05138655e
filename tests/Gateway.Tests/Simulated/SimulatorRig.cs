using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace OpenAIProxy.Gateway.Tests.Simulated;

/// <summary>A simulator that tallies, and a client that asks it directly.</summary>
public sealed class SimulatorRig : IAsyncLifetime
{
    public SimulatorHost Simulator { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorHost.StartAsync(("Simulator:Tally", "true"));
        Client = new HttpClient { BaseAddress = Simulator.Address, Timeout = HangGuard.Limit };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Keys.Operator);
    }

    /// <summary>Asks, and gives back the whole answer as text; POST if there is a body.</summary>
    public async Task<(int Status, string Text)> AskAsync(string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var answer = await Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync().Guarded());
    }

    /// <summary>As <see cref="AskAsync"/>; the answer must be a good one, in JSON.</summary>
    public async Task<JsonElement> AskJsonAsync(string path, string? body, params (string Name, string Value)[] headers)
    {
        var (status, text) = await AskAsync(path, body, headers);
        Assert.True(status == 200, text);
        return JsonElement.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Simulator.DisposeAsync();
    }
}
