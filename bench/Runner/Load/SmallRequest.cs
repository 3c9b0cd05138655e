using System.Text;
using OpenAIProxy.Runner.Processes;

namespace OpenAIProxy.Runner.Load;

/// <summary>One small chat request, as wrk sends it.</summary>
internal static class SmallRequest
{
    public const string Key = "fk-bench-0123456789abcdef";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Asks until a right answer comes.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="version">The HTTP version to speak; HTTP/2 with prior knowledge.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <exception cref="InvalidOperationException">The server has ended, or nothing came for 30 seconds.</exception>
    public static async Task WaitUntilAnsweredAsync(ServerProcess server, Version version, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}"), Timeout = Longest };
        var giveUp = DateTime.UtcNow + Longest;
        for (; ; )
        {
            try
            {
                using var request = Create(version);
                using var response = await client.SendAsync(request, cancellationToken);
                var body = await response.Content.ReadAsStringAsync(cancellationToken);
                if (!response.IsSuccessStatusCode || !body.Contains("chat.completion", StringComparison.Ordinal))
                {
                    throw new InvalidOperationException($"{server.Name} answered {(int)response.StatusCode}: {body}");
                }

                return;
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError && DateTime.UtcNow < giveUp)
            {
                server.ThrowIfEnded();
                await Task.Delay(2, cancellationToken);
            }
        }
    }

    private static HttpRequestMessage Create(Version version)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", Key);
        return request;
    }
}
