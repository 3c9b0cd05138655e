using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Gateway.Keys;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests;

/// <summary>
/// A gateway in front of an upstream that the test plays itself. It has an operator's key unless a setting says otherwise; metering is off unless
/// it is asked for, and writes into memory then.
/// </summary>
public sealed class Rig((string, string)[] settings, bool isMetered = false, TimeProvider? time = null) : IAsyncLifetime
{
    /// <summary>A small good answer; the connection is not used again, so the next request comes on one of its own.</summary>
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

    public RawUpstream Upstream { get; } = new();

    public GatewayHost Gateway { get; private set; } = null!;

    public HttpClient Client => Gateway.Client;

    /// <summary>Starts one with settings of its own. An empty <c>OpenAI:ApiKey</c> means: no operator's key.</summary>
    public static async Task<Rig> StartAsync(params (string, string)[] settings)
    {
        var rig = new Rig(settings);
        await rig.InitializeAsync();
        return rig;
    }

    /// <summary>Starts one whose timers go by <paramref name="time"/>.</summary>
    public static async Task<Rig> StartAsync(TimeProvider time, params (string, string)[] settings)
    {
        var rig = new Rig(settings, time: time);
        await rig.InitializeAsync();
        return rig;
    }

    public async ValueTask InitializeAsync() => Gateway = isMetered
        ? await MeteredRig.StartGatewayAsync(Upstream.Address, new TestJournal(), time ?? TimeProvider.System, settings)
        : await GatewayHost.StartAsync(
            Upstream.Address,
            builder =>
            {
                builder.Services.AddSingleton(time ?? TimeProvider.System);
                // A billing service that a test plays byte by byte hears nothing but what the test asks.
                foreach (var teller in builder.Services.Where(service => service.ImplementationType == typeof(RosterTeller)).ToArray())
                {
                    builder.Services.Remove(teller);
                }
            },
            [("OpenAI:ApiKey", Keys.Operator), .. settings]);

    /// <summary>A request head as bytes on the wire would be; headers are whole lines.</summary>
    public static string Request(string methodAndTarget, params string[] headers)
        => $"{methodAndTarget} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n";

    /// <summary>Sends a raw request, lets the upstream answer it, and shows both as they arrived on the other side.</summary>
    public async Task<(RawMessage Request, RawMessage Answer)> ExchangeAsync(string request, string answer = Ok)
    {
        await using var client = await Gateway.ConnectAsync();
        await client.SendAsync(request);
        var received = client.ReadMessageAsync(noBody: request.StartsWith("HEAD ", StringComparison.Ordinal));
        using var answered = new CancellationTokenSource();
        var accepted = Upstream.AcceptAsync(answered.Token);
        if (await Task.WhenAny(accepted, received) == received)
        {
            await answered.CancelAsync();
            var own = await received;
            throw new InvalidOperationException($"The upstream was not asked; the gateway answered {own.Head}{own.Text}");
        }

        var sent = await RawUpstream.AnswerAsync(await accepted, answer);
        return (sent, await received);
    }

    /// <summary>Sends a raw request that the gateway must answer by itself.</summary>
    public async Task<RawMessage> RefusedAsync(string request)
    {
        await using var client = await Gateway.ConnectAsync();
        await client.SendAsync(request);
        var answer = await client.ReadMessageAsync();
        Assert.False(Upstream.HasCaller, "The upstream was called.");
        return answer;
    }

    /// <summary>Starts a request through <see cref="Client"/> and waits only for the head of its answer.</summary>
    public Task<HttpResponseMessage> StartRequestAsync(HttpMethod method, string target, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(method, target);
        change?.Invoke(request);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Guarded();
    }

    /// <summary>A client's call for a chat stream.</summary>
    public Task<HttpResponseMessage> StartStreamAsync() => StartRequestAsync(HttpMethod.Post, "/v1/chat/completions", request =>
    {
        request.Content = new StringContent("""{"model":"gpt-4o-mini","stream":true,"messages":[]}""", Encoding.UTF8, "application/json");
        request.Headers.Add("Accept-Encoding", "gzip, br");
    });

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        await Upstream.DisposeAsync();
    }
}
