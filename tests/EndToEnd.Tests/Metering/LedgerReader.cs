using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>Reads the ledger as an admin does: through <c>GET /billing/usage</c>.</summary>
internal sealed class LedgerReader : IDisposable
{
    private readonly HttpClient _client;

    public LedgerReader(Uri billing, string adminToken)
    {
        _client = new HttpClient { BaseAddress = billing, Timeout = HangGuard.Limit };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", adminToken);
    }

    /// <summary>Waits until there is a ledger to read: a billing service does not wait for its database before it answers.</summary>
    public Task ReadyAsync() => HangGuard.Until(AskAsync, status => status != HttpStatusCode.ServiceUnavailable, "the ledger is there");

    /// <summary>All usage of these days, by key and model.</summary>
    public async Task<IReadOnlyList<LedgerRow>> ReadAsync()
    {
        using var answer = await GetAsync();
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return [.. JsonElement.Parse(text).GetProperty("rows").EnumerateArray().Select(Row)];
    }

    /// <summary>Reads until <paramref name="condition"/> holds, and gives back what was read then.</summary>
    public async Task<IReadOnlyList<LedgerRow>> UntilAsync(Func<IReadOnlyList<LedgerRow>, bool> condition, string what)
    {
        IReadOnlyList<LedgerRow> rows = [];
        try
        {
            return await HangGuard.Until(async () => rows = await ReadAsync(), condition, what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}. The ledger has:{Environment.NewLine}{string.Join(Environment.NewLine, rows)}");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpStatusCode> AskAsync()
    {
        using var answer = await GetAsync();
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> GetAsync()
    {
        // A run may begin before midnight and end after it.
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        return _client.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"/billing/usage?group_by=key,model&start_date={today.AddDays(-1):yyyy-MM-dd}&end_date={today.AddDays(1):yyyy-MM-dd}"));
    }

    private static LedgerRow Row(JsonElement row)
    {
        return new LedgerRow(
            row.GetProperty("key").GetString()!, row.GetProperty("model").GetString()!,
            Number("requests"), Number("errors"), Number("cut"), Number("estimated_requests"),
            Number("input_tokens"), Number("cached_input_tokens"), Number("output_tokens"), Number("reasoning_tokens"));

        long Number(string name) => (long)row.GetProperty(name).GetDecimal();
    }
}
