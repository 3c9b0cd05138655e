using System.Text.Json;

namespace OpenAIProxy.Pricing.Files;

/// <summary>Reads a file of prices strictly: whatever is in it that can't be used is an error, and all errors are reported together.</summary>
internal static class PriceFile
{
    private static readonly string[] Known = ["sources", "prices"];
    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The rows of an operator's file.</summary>
    /// <exception cref="PriceFileException">It can't be read or used.</exception>
    public static IReadOnlyList<PriceRow> Read(string file)
    {
        try
        {
            return Parse(file, File.ReadAllBytes(file), true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new PriceFileException(file, [$"can't be read: {e.Message}"], e);
        }
    }

    /// <summary>The rows of a text.</summary>
    /// <exception cref="PriceFileException">It can't be used.</exception>
    public static IReadOnlyList<PriceRow> Parse(string file, ReadOnlyMemory<byte> json, bool isOwn)
    {
        if (json.Span.StartsWith(ByteOrderMark))
        {
            json = json[ByteOrderMark.Length..];
        }

        try
        {
            var lines = LineNumbers.Read(json.Span);
            using var document = JsonDocument.Parse(json, Options);
            var problems = new Problems(lines);
            var rows = Rows(document.RootElement, lines, problems, isOwn);
            return problems.InOrder is { Count: > 0 } errors ? throw new PriceFileException(file, errors) : rows;
        }
        catch (JsonException e)
        {
            throw new PriceFileException(file, [$"line {(e.LineNumber ?? 0) + 1}: is not JSON: {e.Message}"], e);
        }
    }

    private static List<PriceRow> Rows(JsonElement root, LineNumbers lines, Problems problems, bool isOwn)
    {
        var values = new Values(problems);
        foreach (var path in lines.Repeated)
        {
            problems.Add(path, "is there twice");
        }

        var properties = values.Properties("", root, Known).DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => p.Value);
        var sources = new Dictionary<string, string>();
        if (properties.TryGetValue("sources", out var named))
        {
            foreach (var source in values.Properties("sources", named, null))
            {
                sources[source.Name] = values.Text(LineNumbers.Below("sources", source.Name), source.Value) ?? "";
            }
        }

        var rows = new List<PriceRow>();
        if (!properties.TryGetValue("prices", out var prices) || prices.ValueKind != JsonValueKind.Array)
        {
            problems.Add("prices", "is missing or no list; allowed: a list of prices, each with a model");
            return rows;
        }

        var reader = new RowReader(problems, values, isOwn);
        var duplicates = new DuplicateModels(problems);
        foreach (var (i, value) in prices.EnumerateArray().Index())
        {
            if (reader.Read($"prices[{i}]", value, sources) is { } row)
            {
                duplicates.Add(row, $"prices[{i}]");
                rows.Add(row);
            }
        }

        duplicates.Check();
        return rows;
    }
}
