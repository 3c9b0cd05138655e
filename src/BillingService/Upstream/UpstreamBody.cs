using System.Text.Json;
using OpenAIProxy.BillingService.Queries;

namespace OpenAIProxy.BillingService.Upstream;

/// <summary>Tells answers from errors that only look like answers.</summary>
internal static class UpstreamBody
{
    private const string NoMessage = "without a message that can be read";

    /// <summary>Returns <paramref name="answer"/> if it has status 200 and a JSON object that is no error.</summary>
    /// <exception cref="UpstreamException">It is an error.</exception>
    /// <exception cref="BillingException">It is no answer at all.</exception>
    public static UpstreamAnswer Check(UpstreamAnswer answer)
    {
        if (answer.Status >= 400)
        {
            throw new UpstreamException(answer, isRemembered: false);
        }

        if (answer.Status != StatusCodes.Status200OK)
        {
            throw BillingException.InvalidAnswer($"with status {answer.Status}");
        }

        using var document = Parse(answer.Body);
        if (document.RootElement.TryGetProperty("error", out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
        {
            // Some compatible servers send errors with status 200: {"error":{"message":"…","type":"new_api_error"}}
            throw new UpstreamException(answer with { Status = StatusCodes.Status502BadGateway }, isRemembered: false);
        }

        return answer;
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
    public static string MessageOf(UpstreamAnswer error)
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
