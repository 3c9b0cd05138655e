using System.Globalization;
using System.Text.Json;

namespace OpenAIProxy.Standalone.Reports;

/// <summary>Writes a report of <c>/billing/usage</c> as a table.</summary>
internal static class UsageTable
{
    private const string Estimated = "~";
    private const string Unpriced = "*";

    private static readonly (string Title, string Name, string By)[] Groups =
    [
        ("day", "day", "day"), ("model", "model", "model"), ("endpoint", "endpoint", "endpoint"), ("key", "key", "key"), ("name", "key_name", "key"),
        ("end user", "end_user", "end_user"), ("team", "team", "team"), ("owner", "owner", "owner"),
    ];
    private static readonly (string Title, string Name)[] Counts =
        [("requests", "requests"), ("errors", "errors"), ("input tokens", "input_tokens"), ("output tokens", "output_tokens")];

    /// <summary>Writes it. <c>~</c> marks a cost of which a part is estimated, <c>*</c> one that lacks a part without a known price.</summary>
    public static void Write(TextWriter output, string report)
    {
        using var json = JsonDocument.Parse(report);
        var root = json.RootElement;
        var rows = root.GetProperty("rows").EnumerateArray().ToArray();
        var groupBy = root.GetProperty("group_by").EnumerateArray().Select(name => name.GetString()).ToArray();
        var groups = Groups.Where(group => groupBy.Contains(group.By)).ToArray();
        var total = root.GetProperty("total");
        string[][] lines =
        [
            [.. groups.Select(group => group.Title), .. Counts.Select(count => count.Title), "cost $", ""],
            .. rows.Select(row => (string[])[.. groups.Select(group => Text(row, group.Name)), .. Figures(row)]),
            [.. groups.Select((_, at) => at == 0 ? "total" : ""), .. Figures(total)],
        ];
        var zone = root.TryGetProperty("time_zone", out var named) ? named.GetString() : "UTC";
        output.WriteLine($"{root.GetProperty("start_date").GetString()} to {root.GetProperty("end_date").GetString()} ({zone})");
        WriteAligned(output, lines, groups.Length);
        if (IsEstimated(total))
        {
            output.WriteLine($"{Estimated} a part of it is estimated: ${Amount(total.GetProperty("estimated_cost_usd"))} of {Text(total, "estimated_requests")} requests");
        }

        if (total.GetProperty("unpriced").GetBoolean())
        {
            var requests = Text(total, "unpriced_requests");
            output.WriteLine(requests == "0" ? $"{Unpriced} without a part that has no known price" : $"{Unpriced} without {requests} requests that have no known price");
        }
    }

    private static IEnumerable<string> Figures(JsonElement row)
    {
        var cost = row.GetProperty("cost_usd");
        return
        [
            .. Counts.Select(count => Text(row, count.Name)),
            // What it cost is not known: that is no zero.
            cost.ValueKind == JsonValueKind.Null ? "-" : $"{(IsEstimated(row) ? Estimated : "")}{Amount(cost)}",
            row.GetProperty("unpriced").GetBoolean() ? Unpriced : "",
        ];
    }

    private static bool IsEstimated(JsonElement row) => row.GetProperty("estimated_requests").GetDecimal() > 0;

    // Names to the left, numbers to the right.
    private static void WriteAligned(TextWriter output, string[][] lines, int names)
    {
        var widths = Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            var cells = line.Select((cell, column) =>
            {
                var isNumber = column >= names && column < line.Length - 1;
                return isNumber ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]);
            });
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    private static string Amount(JsonElement dollars) => dollars.GetDecimal().ToString("0.000000", CultureInfo.InvariantCulture);

    // Names that callers make up may hold what a terminal obeys.
    private static string Text(JsonElement row, string name)
        => row.TryGetProperty(name, out var value) ? string.Concat(value.ToString().Where(c => !char.IsControl(c))) : "";
}
