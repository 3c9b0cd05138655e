using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>Makes single calls through a gateway and says how they went.</summary>
internal sealed class Client(Uri gateway) : IDisposable
{
    public const int Prompt = 100;
    public const int Completion = 10;
    public const int Cached = 40;
    public const int Reasoning = 3;

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = gateway, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Calls. Fails the test if there is an answer that is none of the upstream's.</summary>
    /// <param name="kind">How.</param>
    /// <param name="key">With which access key.</param>
    /// <param name="tag">The name in the upstream's tally.</param>
    /// <param name="leave">Ends the wait for the answer: the client goes away.</param>
    public async Task<Outcome> CallAsync(CallKind kind, string key, string tag, CancellationToken leave = default)
    {
        try
        {
            using var request = Request(kind, key, tag);
            using var answer = await _client.SendAsync(request, leave);
            var text = await answer.Content.ReadAsStringAsync(leave);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {text}");
            Assert.EndsWith(kind.End, text, StringComparison.Ordinal);
            Assert.Equal(kind.TellsUsage, text.Contains("_tokens\":", StringComparison.Ordinal));
            return Outcome.Whole;
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return Outcome.NotSent;
        }
        catch (SocketException)
        {
            // .NET asks a new connection for its address, and says it so if a killed gateway has reset it by then.
            return Outcome.NotSent;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return Outcome.Broken;
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(CallKind kind, string key, string tag)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, kind.Path)
        {
            Content = new StringContent($$"""{"model":"{{kind.Model}}",{{kind.Members}}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in (ReadOnlySpan<(string, int)>)
            [("prompt", Prompt), ("completion", Completion), ("cached", Cached), ("reasoning", Reasoning)])
        {
            request.Headers.Add($"x-sim-{name}-tokens", value.ToString(CultureInfo.InvariantCulture));
        }

        request.Headers.Add("x-sim-tag", tag);
        request.Headers.Add("x-sim-chunk-ms", kind.Pace.ToString(CultureInfo.InvariantCulture));
        return request;
    }
}
