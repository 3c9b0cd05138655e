using System.Text;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.ServiceDefaults.Http;

namespace OpenAIProxy.BillingService.Alerts;

/// <summary>Sends alerts to webhooks.</summary>
internal sealed class WebhookSender(TimeProvider time) : IDisposable
{
    private const int LargestAnswer = 16 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // What a receiver redirects to is not what the operator named. No span: it would hold the address, and that a token.
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ActivityHeadersPropagator = null,
    });

    /// <summary>Sends one. Returns null if it was taken, else why not, without the address.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    public async Task<string?> SendAsync(Webhook webhook, BudgetAlert alert, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            using var request = WebhookRequest.Create(webhook, alert, time.GetUtcNow());
            using var answer = await _client.SendAsync(request, limit.Token);
            return WebhookRequest.Judge(webhook, (int)answer.StatusCode, await ReadAsync(answer.Content, limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {Timeout.TotalSeconds:0} s";
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return $"it can't be reached ({ConnectionFailure.Describe(e)})";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Counted as a try all the same: otherwise it would be told for ever, to those who took it as well.
            return $"it can't be told ({e.GetType().Name})";
        }
    }

    // As UTF-8, whatever charset it names. What those say who say anything is short.
    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = new byte[LargestAnswer];
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    public void Dispose() => _client.Dispose();
}
