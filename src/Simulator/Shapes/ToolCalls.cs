using System.Globalization;

namespace OpenAIProxy.Simulator.Shapes;

/// <summary>Output items of tools that OpenAI runs by itself, and bills by call.</summary>
internal static class ToolCalls
{
    private const int MostCalls = 1000;

    /// <summary>One entry for each call in a text such as <c>web_search:2,file_search:1</c>; null if it is not such a text.</summary>
    public static IReadOnlyList<string>? Parse(string text)
    {
        var calls = new List<string>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = item.Split(':');
            if (parts.Length != 2 || Members(parts[0], "") is null
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || calls.Count + (long)count > MostCalls)
            {
                return null;
            }

            calls.AddRange(Enumerable.Repeat(parts[0], count));
        }

        return calls;
    }

    /// <summary>The item of call number <paramref name="index"/> of a response.</summary>
    public static string Item(string responseId, string tool, int index, string status = "completed") =>
        $$"""{"id":{{Json.Quote($"call_{index}_{responseId}")}},"type":"{{tool}}_call","status":"{{status}}",{{Members(tool, responseId)}}}""";

    private static string? Members(string tool, string responseId) => tool switch
    {
        "web_search" => "\"action\":{\"type\":\"search\",\"query\":\"simulator\"}",
        "file_search" => "\"queries\":[\"simulator\"],\"results\":null",
        "code_interpreter" => $"\"code\":\"1 + 1\",\"container_id\":{Json.Quote("cntr_" + responseId)},\"outputs\":null",
        "image_generation" => $"\"result\":\"{Images.Png}\"",
        _ => null,
    };
}
