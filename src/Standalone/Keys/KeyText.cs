using System.Text.Json.Nodes;

namespace OpenAIProxy.Standalone.Keys;

/// <summary>Writes keys for people.</summary>
internal static class KeyText
{
    private static readonly (string Title, Func<JsonNode, string> Cell)[] Columns =
    [
        ("name", key => Text(key["name"])),
        ("id", key => Text(key["id"])),
        ("state", key => Text(key["state"])),
        ("ends in", key => string.Join(' ', key["secrets"]!.AsArray().Select(secret => Text(secret!["ending"])))),
        ("last used", key => key["last_used_on"] is null ? "-" : Text(key["last_used_on"])),
        ("team", key => Text(key["team"])),
        ("owner", key => Text(key["owner"])),
    ];

    /// <summary>A table of all keys.</summary>
    public static void WriteList(TextWriter output, JsonObject list)
    {
        string[][] lines =
        [
            [.. Columns.Select(column => column.Title)],
            .. list["keys"]!.AsArray().Select(key => (string[])[.. Columns.Select(column => column.Cell(key!))]),
        ];
        var widths = Enumerable.Range(0, Columns.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    /// <summary>A line for each member that has a value.</summary>
    public static void WriteKey(TextWriter output, JsonObject key) => WriteMembers(output, key, "");

    private static void WriteMembers(TextWriter output, JsonObject members, string prefix)
    {
        foreach (var (name, value) in members)
        {
            switch (value)
            {
                case JsonObject below:
                    WriteMembers(output, below, $"{prefix}{name}.");
                    break;
                case JsonArray { Count: > 0 } list:
                    output.WriteLine($"{prefix}{name}: {string.Join(", ", list.Select(Item))}");
                    break;
                case JsonValue when Text(value) is { Length: > 0 } text:
                    output.WriteLine($"{prefix}{name}: {text}");
                    break;
            }
        }
    }

    private static string Item(JsonNode? item)
    {
        if (item is not JsonObject secret)
        {
            return Text(item);
        }

        return $"…{Text(secret["ending"])}{(secret["not_after"] is null ? "" : $" until {Text(secret["not_after"])}")}";
    }

    // Names may hold what a terminal obeys.
    private static string Text(JsonNode? value) => value is null ? "" : string.Concat(value.ToString().Where(c => !char.IsControl(c)));
}
