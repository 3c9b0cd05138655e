using System.Text.Json;

namespace OpenAIProxy.TestKit;

/// <summary>OpenAI's error object, read strictly: exactly the four members, with the types that OpenAI's clients expect.</summary>
/// <param name="Message">For people.</param>
/// <param name="Type">The class of error.</param>
/// <param name="Param">The parameter that is wrong, if it is one.</param>
/// <param name="Code">For programs.</param>
public sealed record ErrorObject(string Message, string Type, string? Param, string Code)
{
    /// <summary>Reads an error body.</summary>
    /// <exception cref="FormatException">It is anything but OpenAI's error object.</exception>
    public static ErrorObject Parse(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var error = json.RootElement.GetProperty("error");
            var names = error.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal);
            if (json.RootElement.EnumerateObject().Count() != 1 || !names.SequenceEqual(["code", "message", "param", "type"]))
            {
                throw new FormatException($"Other members than OpenAI's: {body}");
            }

            return new ErrorObject(
                Text(error, "message"), Text(error, "type"), error.GetProperty("param").GetString(), Text(error, "code"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"Not OpenAI's error object: '{body}'", e);
        }
    }

    /// <summary>Reads the error of an answer, which must say that it is JSON.</summary>
    public static async Task<ErrorObject> ReadAsync(HttpResponseMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var body = await answer.Content.ReadAsStringAsync();
        return answer.Content.Headers.ContentType?.MediaType == "application/json"
            ? Parse(body)
            : throw new FormatException($"{(int)answer.StatusCode} with content type '{answer.Content.Headers.ContentType}': {body}");
    }

    private static string Text(JsonElement error, string name)
        => error.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw new FormatException($"'{name}' is empty: {error}");
}
