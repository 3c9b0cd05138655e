using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.ServiceDefaults.Http;

namespace OpenAIProxy.Standalone.Checks;

/// <summary>
/// Tries the upstream without spending: <c>GET /v1/models</c> with each of the operator's keys, or without one, over the connections of the
/// gateway itself.
/// </summary>
internal sealed class UpstreamCheck(Upstream upstream, GatewaySettings settings, TimeProvider time)
{
    private const string Topic = "upstream";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LargestDrift = TimeSpan.FromSeconds(60);

    private bool _isClockSeen;

    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            if (await ResolveAsync(limit.Token) is { } addresses)
            {
                findings.Add(addresses);
            }

            var keys = settings.OpenAI.ApiKeys;
            if (keys.Count == 0)
            {
                await AskAsync(null, "", findings, limit.Token);
            }

            foreach (var (at, key) in keys.Index())
            {
                await AskAsync(key, keys.Count == 1 ? "the operator's key" : $"the operator's key number {at + 1}", findings, limit.Token);
            }
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var reason = e is OperationCanceledException ? "no answer in time" : ConnectionFailure.Describe(e);
            findings.Add(Finding.Error(Topic, $"{Name} can't be reached: {reason}."));
        }

        return findings;
    }

    private Uri? Proxy => settings.Forwarding.Proxy?.Address;

    private string Name => Proxy is { } proxy ? $"{upstream.BaseUrl}, by way of the proxy {proxy.Host}:{proxy.Port}," : upstream.BaseUrl;

    // Behind a proxy it is the proxy's name that is looked up here.
    private async Task<Finding?> ResolveAsync(CancellationToken cancellationToken)
    {
        var host = (Proxy ?? upstream.Address).DnsSafeHost;
        if (IPAddress.TryParse(host, out _))
        {
            return null;
        }

        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
        return Finding.Ok("dns", $"{host} has {addresses.Length} {(addresses.Length == 1 ? "address" : "addresses")}.");
    }

    private async Task AskAsync(string? key, string name, List<Finding> findings, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{upstream.BaseUrl}/v1/models")
        {
            Version = upstream.Requests.Version!,
            VersionPolicy = upstream.Requests.VersionPolicy!.Value,
        };
        if (key is not null)
        {
            var (header, value) = upstream.KeyPlace == KeyPlace.ApiKeyHeader ? ("api-key", key) : ("Authorization", $"Bearer {key}");
            request.Headers.TryAddWithoutValidation(header, value);
        }

        var sent = time.GetUtcNow();
        using var answer = await upstream.Client.SendAsync(request, cancellationToken);
        var received = time.GetUtcNow();
        findings.Add(Judge((int)answer.StatusCode, key is not null, name));
        if (!_isClockSeen && answer.Headers.Date is { } date)
        {
            _isClockSeen = true;
            findings.Add(Clock(sent + ((received - sent) / 2) - date));
        }
    }

    private Finding Judge(int status, bool hasKey, string name)
    {
        var secure = upstream.Address.Scheme == Uri.UriSchemeHttps ? " over TLS, with a certificate that is trusted" : "";
        var answers = $"{Name} answers{secure}";
        return status switch
        {
            401 when !hasKey => Finding.Ok(Topic, $"{answers}; without a key with status 401, as it should."),
            401 or 403 => Finding.Warning(Topic, $"{answers}, but refuses {(hasKey ? name : "calls without a key")} (status {status.ToString(CultureInfo.InvariantCulture)})."),
            404 => Finding.Warning(Topic, $"{answers}, but has no /v1/models (status 404). Is OpenAI:BaseUrl right?"),
            >= 200 and < 300 => Finding.Ok(Topic, hasKey ? $"{answers}, and takes {name}." : $"{answers}."),
            _ => Finding.Warning(Topic, $"{answers} with status {status.ToString(CultureInfo.InvariantCulture)} to GET /v1/models."),
        };
    }

    private static Finding Clock(TimeSpan ahead)
    {
        var seconds = Math.Round(Math.Abs(ahead.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return ahead.Duration() > LargestDrift
            ? Finding.Warning("clock", $"This machine's clock is {seconds} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the upstream's: usage is counted at wrong hours, and TLS may fail.")
            : Finding.Ok("clock", $"This machine's clock and the upstream's differ by {seconds} s.");
    }
}
