using System.Net.Http.Headers;
using System.Text;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>Large numbers are as exact as small ones.</summary>
[Collection(nameof(MeteredApp))]
public sealed class TotalsTests(ITestOutputHelper output)
{
    private const int Requests = 100_000;
    private const int Keys = 50;
    private const int Models = 10;
    private const int Connections = 16;
    private const int Each = Requests / Keys / Models;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    [Fact]
    public async Task Ledger_After100000Requests_IsExactForEachKeyAndModel()
    {
        await using var app = await MeteredApp.StartAsync(Keys);
        byte[][] bodies = [.. Enumerable.Range(0, Models).Select(m => Encoding.UTF8.GetBytes($$"""{"model":"sim-{{m}}","messages":[{"role":"user","content":"Hello!"}]}"""))];
        AuthenticationHeaderValue[] keys = [.. app.Keys.Select(k => new AuthenticationHeaderValue("Bearer", k))];
        using var handler = new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Connections };
        using var client = new HttpClient(handler) { BaseAddress = app.Gateway.Address };
        var next = -1;
        var clock = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < Requests;)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(bodies[i / Keys % Models]) };
                request.Content.Headers.ContentType = Json;
                request.Headers.Authorization = keys[i % Keys];
                using var answer = await client.SendAsync(request);
                Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
            }
        })));
        output.WriteLine($"{Requests} requests in {TimeProvider.System.GetElapsedTime(clock).TotalSeconds:0.0} s");
        await app.ShippedAsync();

        var rows = (await app.Ledger.ReadAsync()).Where(r => !r.Model.StartsWith("sim-last", StringComparison.Ordinal)).ToDictionary(r => (r.Key, r.Model));
        Assert.Equal(Keys * Models, rows.Count);
        foreach (var key in app.Keys)
        {
            for (var model = 0; model < Models; model++)
            {
                var id = KeyId.Of(key).Value;
                Assert.Equal(new LedgerRow(id, $"sim-{model}", Each, 0, 0, 0, 20 * Each, 0, 8 * Each, 0), rows[(id, $"sim-{model}")]);
            }
        }
    }
}
