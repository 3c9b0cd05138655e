using System.Text.Json;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Upstream;

/// <summary>Tells answers from errors that only look like answers.</summary>
internal static class UpstreamBody
{
    private const string NoMessage = "without a message that can be read";

    /// <summary>Opens the JSON object of an answer with status 200; null if it is an error.</summary>
    /// <param name="answer">As it came; afterwards with the status of an error if it is one.</param>
    /// <exception cref="BillingException">It is no answer at all.</exception>
    public static JsonDocument? Open(ref Answer answer)
    {
        if (answer.Status >= 400)
        {
            return null;
        }

        if (answer.Status != StatusCodes.Status200OK)
        {
            throw BillingException.InvalidAnswer($"with status {answer.Status}");
        }

        var document = Parse(answer.Body);
        if (document.RootElement.TryGetProperty("error", out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
        {
            // Some compatible servers send errors with status 200: {"error":{"message":"…","type":"new_api_error"}}
            document.Dispose();
            answer = answer with { Status = StatusCodes.Status502BadGateway };
            return null;
        }

        answer = answer with { ContentType = "application/json" };
        return document;
    }

    /// <summary>Parses a body that must be a JSON object.</summary>
    /// <exception cref="BillingException">It is something else.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
        }

        if (document?.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document?.Dispose();
        throw BillingException.InvalidAnswer("not with a JSON object");
    }

    /// <summary>What an error of upstream's says: <c>{"error":{"message":"…"}}</c>. For people; it may quote a part of the key, as OpenAI does.</summary>
    public static string MessageOf(Answer error)
    {
        try
        {
            using var document = JsonDocument.Parse(error.Body);
            return document.RootElement.GetProperty("error").GetProperty("message").GetString() ?? NoMessage;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return NoMessage;
        }
    }
}
