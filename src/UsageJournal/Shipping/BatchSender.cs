using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.UsageJournal.Shipping;

/// <summary>Posts batches to the billing service.</summary>
internal sealed class BatchSender : IDisposable
{
    private const int LongestReason = 500;
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpMessageInvoker _client;
    private readonly Uri? _address;
    private readonly string? _token;
    private readonly TimeProvider _time;

    /// <param name="billing">The billing service's address; null if there is none, and nothing to send.</param>
    /// <param name="token">The secret by which the billing service knows gateways.</param>
    /// <param name="connections">The connections; closed with this.</param>
    /// <param name="time">The clock.</param>
    public BatchSender(Uri? billing, string? token, HttpMessageHandler connections, TimeProvider time)
    {
        _time = time;
        _address = billing is null ? null : new Uri(billing.ToString().TrimEnd('/') + UsageBatch.Path);
        _token = token;
        _client = new HttpMessageInvoker(connections);
    }

    /// <summary>How long a batch may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What is known of a key, by its id; null if nothing is.</summary>
    public Func<string, KeyLabel?> LabelOf { get; init; } = static _ => null;

    /// <summary>Why a connection failed, in words for the log.</summary>
    public Func<Exception, string> Describe { get; init; } = static e => e.Message;

    /// <summary>The bytes that are sent for a batch, with what is known of its keys now.</summary>
    public byte[] Encode(UsageBatch batch)
    {
        var labels = batch.Rows.Select(row => row.What.Key).Distinct().Select(LabelOf).OfType<KeyLabel>().ToArray();
        return JsonSerializer.SerializeToUtf8Bytes(labels.Length == 0 ? batch : batch with { Keys = labels }, ContractsJson.Default.UsageBatch);
    }

    /// <summary>Sends a batch.</summary>
    /// <returns>What became of it, and why if it was not taken.</returns>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    public async Task<(SendResult Result, string Reason)> SendAsync(byte[] batch, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(batch) };
            request.Content.Headers.ContentType = Json;
            request.Headers.TryAddWithoutValidation(InternalHeaders.Token, _token);
            // By it the ledger knows a wrong clock of ours, and puts usage where it belongs.
            request.Headers.Date = _time.GetUtcNow();
            using var answer = await _client.SendAsync(request, limit.Token);
            var result = answer.Headers.Contains(InternalHeaders.Refuses) ? SendResult.Unauthorized : Classify(answer.StatusCode);
            return (result, result is SendResult.Taken ? "" : await ReasonAsync(answer, result, limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (SendResult.Failed, $"no answer within {Timeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (SendResult.Failed, Describe(e));
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>
    /// Refused is only what the billing service itself says about the batch. A wrong token, or an address where something else answers, is
    /// for the operator to cure, and the usage must wait for it.
    /// </summary>
    private static SendResult Classify(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => SendResult.Taken,
        401 or 403 or 404 or 405 or 407 or 408 or 425 or 429 => SendResult.Failed,
        >= 400 and < 500 => SendResult.Refused,
        _ => SendResult.Failed,
    };

    private static async Task<string> ReasonAsync(HttpResponseMessage answer, SendResult result, CancellationToken cancellationToken)
    {
        var status = $"status {(int)answer.StatusCode}";
        if (result is not SendResult.Refused)
        {
            return status;
        }

        try
        {
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return $"{status}: {text[..Math.Min(text.Length, LongestReason)]}";
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return status;
        }
    }
}
