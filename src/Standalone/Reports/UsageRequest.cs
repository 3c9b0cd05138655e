using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.Contracts;
using OpenAIProxy.Standalone.Telling;

namespace OpenAIProxy.Standalone.Reports;

/// <summary>Asks <c>/billing/usage</c> of the ledger.</summary>
internal static class UsageRequest
{
    private const string Day = "\"day\":\"";
    private const int DayLength = 10;
    private const int BufferSize = 64 * 1024;

    /// <summary>The report, as the service writes it.</summary>
    /// <exception cref="CommandLineException">The service refuses a parameter.</exception>
    /// <exception cref="CommandFailedException">There is no report, or no such key.</exception>
    public static async Task<string> ReadAsync(
        CommandLedger ledger, UsageQuery query, bool isCsv, ProgressLine progress, CancellationToken cancellationToken)
    {
        var key = query.Key is null || KeyId.IsId(query.Key) || query.Key == UsageDimensions.Anonymous
            ? query.Key
            : await FindAsync(ledger, query, cancellationToken);
        try
        {
            using var answer = await ledger.GetAsync(query.Target(isCsv), key);
            return await ReadAsync(answer, progress, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The service breaks off a report that it has begun and can't end.
            throw new CommandFailedException("The ledger could not be read to the end. Is its database still there?");
        }
    }

    // A key's name stands in the report by keys.
    private static async Task<string> FindAsync(CommandLedger ledger, UsageQuery query, CancellationToken cancellationToken)
    {
        using var answer = await ledger.GetAsync((query with { GroupBy = "key" }).Target(isCsv: false), null);
        using var report = JsonDocument.Parse(await ReadAsync(answer, null, cancellationToken));
        var ids = report.RootElement.GetProperty("rows").EnumerateArray()
            .Where(row => row.TryGetProperty("key_name", out var name) && name.GetString() == query.Key)
            .Select(row => row.GetProperty("key").GetString()!).ToArray();
        return ids switch
        {
            [var id] => id,
            [] => throw new CommandFailedException($"No key of the name '{query.Key}' has usage in these days. --group-by key shows which have."),
            _ => throw new CommandFailedException($"Several keys are called '{query.Key}': {string.Join(", ", ids)}. Say the id."),
        };
    }

    private static async Task<string> ReadAsync(HttpResponseMessage answer, ProgressLine? progress, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var all = new MemoryStream();
        var buffer = new byte[BufferSize];
        var start = 0;
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            all.Write(buffer, 0, read);
            progress?.Say("reading the ledger", DayAt(all.GetBuffer().AsSpan(start, (int)all.Length - start)));
            // A day may be cut in two.
            start = Math.Max(0, (int)all.Length - Day.Length - DayLength);
        }

        var text = Encoding.UTF8.GetString(all.GetBuffer(), 0, (int)all.Length);
        return answer.IsSuccessStatusCode ? text : throw Failure(text, (int)answer.StatusCode);
    }

    // Rows come in the order of their days, where they are by day at all.
    private static string DayAt(ReadOnlySpan<byte> json)
    {
        var at = json.LastIndexOf(Encoding.UTF8.GetBytes(Day));
        return at < 0 || json.Length < at + Day.Length + DayLength ? "" : Encoding.UTF8.GetString(json.Slice(at + Day.Length, DayLength));
    }

    private static Exception Failure(string text, int status)
    {
        var message = ErrorMessage(text) ?? $"The billing service answered with status {status.ToString(CultureInfo.InvariantCulture)}.";
        foreach (var (parameter, flag) in UsageQuery.Names)
        {
            message = message.Replace($"{parameter} ", $"{flag} ", StringComparison.Ordinal);
        }

        return status is >= 400 and < 500 ? new CommandLineException(message) : new CommandFailedException(message);
    }

    // {"error":{"message":"start_date must be a day of the calendar, written YYYY-MM-DD.","param":"start_date", …}}
    private static string? ErrorMessage(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["error"]?["message"]?.GetValue<string>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An answer that is not the service's own, such as Kestrel's 400 without a body.
            return null;
        }
    }
}
