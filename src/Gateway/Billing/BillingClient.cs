using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Billing;

/// <summary>Asks the billing service what it tells gateways alone. Only where one is configured.</summary>
internal sealed class BillingClient(BillingServiceSettings billing, BillingDial dial, TimeProvider time) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(BillingConnections.CreateUntraced(dial));
    private readonly string _address = billing.Address!.ToString().TrimEnd('/');

    /// <summary>Asks for a path, with its query.</summary>
    /// <param name="target">The path.</param>
    /// <param name="known">The ETag of what is known already; null if nothing is.</param>
    /// <param name="timeout">How long the answer, its body included, may take.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    /// <exception cref="TimeoutException">It takes longer.</exception>
    public async Task<T> GetAsync<T>(
        string target, string? known, TimeSpan timeout, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _address + target);
        if (known is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", known);
        }

        return await SendAsync(request, timeout, read, cancellationToken);
    }

    /// <summary>Tells it something, as JSON. Returns the answer's status.</summary>
    /// <param name="target">The path.</param>
    /// <param name="value">What is told.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    /// <exception cref="TimeoutException">It takes longer.</exception>
    public Task<int> PostAsync<T>(string target, T value, JsonTypeInfo<T> type, TimeSpan timeout, CancellationToken cancellationToken)
        => SendJsonAsync(HttpMethod.Post, target, JsonSerializer.SerializeToUtf8Bytes(value, type), timeout, cancellationToken);

    /// <summary>Tells it something in place of what it was told before, as JSON. Returns the answer's status.</summary>
    /// <param name="target">The path.</param>
    /// <param name="json">What is told.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    /// <exception cref="TimeoutException">It takes longer.</exception>
    public Task<int> PutAsync(string target, byte[] json, TimeSpan timeout, CancellationToken cancellationToken)
        => SendJsonAsync(HttpMethod.Put, target, json, timeout, cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<int> SendJsonAsync(HttpMethod method, string target, byte[] json, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, _address + target) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new("application/json");
        return await SendAsync(request, timeout, (answer, _) => Task.FromResult((int)answer.StatusCode), cancellationToken);
    }

    private async Task<T> SendAsync<T>(
        HttpRequestMessage request, TimeSpan timeout, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        request.Headers.TryAddWithoutValidation(InternalHeaders.Token, billing.Token);
        try
        {
            using var answer = await _client.SendAsync(request, limit.Token);
            return await read(answer, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {timeout.TotalSeconds:0} s");
        }
    }
}
