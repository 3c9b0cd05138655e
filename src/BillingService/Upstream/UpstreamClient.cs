using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Telemetry;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Upstream;

/// <summary>Asks upstream's API, with the caller's credential. What is no answer at all is an exception that names what the caller is to be told.</summary>
internal sealed class UpstreamClient : IDisposable
{
    /// <summary>The largest body taken: 16 MB, decompressed. Five years of usage by model are well below.</summary>
    public const int LargestBody = 16 * 1024 * 1024;

    // What a client needs to retry well and to ask OpenAI's support.
    private static readonly string[] ErrorHeaders = ["Retry-After", "retry-after-ms", "x-should-retry", "x-request-id", "WWW-Authenticate"];

    private readonly HttpClient _client;
    private readonly OpenAISettings _openAI;
    private readonly TimeProvider _time;
    private readonly string _host;

    public UpstreamClient(OpenAISettings openAI, UpstreamSettings settings, TimeProvider time)
    {
        _openAI = openAI;
        _time = time;
        _host = new Uri(openAI.BaseUrl).Host;
        _client = new HttpClient(UpstreamHandler.Create(settings.Proxy))
        {
            Timeout = settings.Timeout,
            MaxResponseContentBufferSize = LargestBody,
        };
    }

    /// <summary>
    /// GETs <paramref name="path"/> with <paramref name="query"/> (without <c>?</c>). Returns upstream's error, or the answer with status 200, of
    /// whose JSON, parsed this once, <paramref name="read"/> takes what is needed.
    /// </summary>
    /// <exception cref="BillingException">It did not answer (502, 504), or not in JSON.</exception>
    public async Task<Answer> GetAsync(
        Credential credential, string path, string query, Func<Answer, JsonElement, Answer>? read, CancellationToken cancellationToken)
    {
        var (answer, document) = await CallAsync(credential, path, query, cancellationToken);
        using (document)
        {
            return document is null || read is null ? answer : read(answer, document.RootElement);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<(Answer Answer, JsonDocument? Document)> CallAsync(
        Credential credential, string path, string query, CancellationToken cancellationToken)
    {
        using var span = BillingTelemetry.Source.StartActivity($"GET {path}", ActivityKind.Client);
        var started = _time.GetTimestamp();
        var tags = new TagList { { BillingTelemetry.PathTag, path } };
        span?.SetTag(BillingTelemetry.MethodTag, "GET").SetTag(BillingTelemetry.PathTag, path)
            .SetTag(BillingTelemetry.ServerTag, _host);
        try
        {
            var answer = await SendAsync(credential, path, query, cancellationToken);
            tags.Add(BillingTelemetry.StatusTag, answer.Status);
            span?.SetTag(BillingTelemetry.StatusTag, answer.Status);
            var document = UpstreamBody.Open(ref answer);
            if (answer.IsError)
            {
                Fail(answer.Status.ToString(CultureInfo.InvariantCulture));
            }

            return (answer, document);
        }
        catch (Exception e) when (e is BillingException or OperationCanceledException)
        {
            Fail(UpstreamFailure.NameOf(e));
            throw;
        }
        finally
        {
            BillingTelemetry.Duration.Record(_time.GetElapsedTime(started).TotalSeconds, tags);
        }

        void Fail(string error)
        {
            tags.Add(BillingTelemetry.ErrorTag, error);
            span?.SetTag(BillingTelemetry.ErrorTag, error).SetStatus(ActivityStatusCode.Error);
        }
    }

    private async Task<Answer> SendAsync(Credential credential, string path, string query, CancellationToken cancellationToken)
    {
        var address = query.Length > 0 ? $"{_openAI.BaseUrl}{path}?{query}" : _openAI.BaseUrl + path;
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Version = HttpVersion.Version20;
        Add(request, "Authorization", $"Bearer {credential.Token}");
        Add(request, "Accept", "application/json");
        Add(request, "User-Agent", "OpenAIProxy");
        Add(request, Credential.OrganizationHeader, credential.Organization);
        Add(request, Credential.ProjectHeader, credential.Project);
        if (_openAI.PropagateTrace && Activity.Current is { Id: { } id } span)
        {
            Add(request, "traceparent", id);
            Add(request, "tracestate", span.TraceStateString);
        }

        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            return new Answer(await response.Content.ReadAsByteArrayAsync(cancellationToken), _time.GetUtcNow())
            {
                Status = (int)response.StatusCode,
                ContentType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) ? type.ToString() : null,
                Headers = response.IsSuccessStatusCode ? [] : [.. Pick(response)],
            };
        }
        catch (Exception e) when (UpstreamFailure.Explain(e, cancellationToken) is { } explained)
        {
            throw explained;
        }
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            // Unparsed: a complaint about a header would quote its value, the key.
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Pick(HttpResponseMessage response)
    {
        foreach (var name in ErrorHeaders)
        {
            if (response.Headers.NonValidated.TryGetValues(name, out var values))
            {
                yield return new(name, values.ToString());
            }
        }
    }
}
