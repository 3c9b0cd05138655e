using System.Globalization;
using System.Net;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Billing;
using OpenAIProxy.ServiceDefaults.Http;

namespace OpenAIProxy.Gateway.Keys;

/// <summary>Asks the billing service for the access keys.</summary>
internal sealed class SnapshotClient(BillingServiceSettings settings, BillingDial dial, TimeProvider time) : IDisposable
{
    // Some hundred thousand keys.
    private const int MostBytes = 256 * 1024 * 1024;

    /// <summary>Beyond the time that the billing service waits for a change: then something on the way doesn't answer.</summary>
    private static readonly TimeSpan Timeout = KeySnapshot.Wait + TimeSpan.FromSeconds(5);

    private readonly string _address = settings.Address!.ToString().TrimEnd('/') + KeySnapshot.Path;
    private readonly HttpClient _client = new(BillingConnections.CreateUntraced(dial))
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MostBytes,
    };

    /// <summary>Waits until the keys are of another version than <paramref name="known"/>, for some seconds.</summary>
    /// <param name="known">The version that is known; null for none, which is answered at once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellationToken"/>.</exception>
    public async Task<SnapshotAnswer> AskAsync(long? known, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var after = known is { } version ? $"?{KeySnapshot.After}={version.ToString(CultureInfo.InvariantCulture)}" : "";
            using var request = new HttpRequestMessage(HttpMethod.Get, _address + after);
            request.Headers.TryAddWithoutValidation(InternalHeaders.Token, settings.Token);
            using var answer = await _client.SendAsync(request, limit.Token);
            if (answer.Headers.Contains(InternalHeaders.Refuses))
            {
                return SnapshotAnswer.Failed(BillingState.RefusesGateway);
            }

            return answer.StatusCode switch
            {
                HttpStatusCode.OK => new SnapshotAnswer(await answer.Content.ReadAsByteArrayAsync(limit.Token), null),
                HttpStatusCode.NoContent => new SnapshotAnswer(null, null),
                var status => SnapshotAnswer.Failed($"status {(int)status}"),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return SnapshotAnswer.Failed($"no answer within {Timeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return SnapshotAnswer.Failed(ConnectionFailure.Describe(e));
        }
    }

    public void Dispose() => _client.Dispose();
}
