using System.Buffers;
using System.Text.Json;
using OpenAIProxy.Simulator.Pipeline;

namespace OpenAIProxy.Simulator.Shapes;

/// <summary>Reads <see cref="CallRequest"/> from a body without building its whole tree.</summary>
internal static class CallReader
{
    /// <summary>Reads the whole body. Throws the error that OpenAI answers if it is no JSON object or has no model.</summary>
    public static async ValueTask<CallRequest> ReadAsync(HttpContext context, bool modelNeeded = true)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            if (result.IsCompleted)
            {
                var call = Parse(result.Buffer);
                reader.AdvanceTo(result.Buffer.End);
                return modelNeeded && call.Model.Length == 0
                    ? throw new ApiException(StatusCodes.Status400BadRequest, "you must provide a model parameter")
                    : call;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    public static CallRequest Parse(ReadOnlySequence<byte> body)
    {
        try
        {
            return ParseObject(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ApiException(
                StatusCodes.Status400BadRequest,
                "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)");
        }
    }

    private static CallRequest ParseObject(ReadOnlySequence<byte> body)
    {
        var json = new Utf8JsonReader(body);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        var call = new CallRequest();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref json, call);
        }

        return call;
    }

    private static void ReadMember(ref Utf8JsonReader json, CallRequest call)
    {
        if (json.ValueTextEquals("model"u8))
        {
            json.Read();
            call.Model = json.GetString() ?? "";
        }
        else if (json.ValueTextEquals("stream"u8))
        {
            json.Read();
            call.Stream = json.TokenType == JsonTokenType.True;
        }
        else if (json.ValueTextEquals("stream_options"u8))
        {
            json.Read();
            ReadStreamOptions(ref json, call);
        }
        else if (json.ValueTextEquals("messages"u8))
        {
            json.Skip();
        }
        else if (json.ValueTextEquals("input"u8))
        {
            json.Read();
            call.Inputs = CountInputs(ref json);
        }
        else
        {
            ReadRareMember(ref json, call);
        }
    }

    private static void ReadRareMember(ref Utf8JsonReader json, CallRequest call)
    {
        var name = json.GetString();
        json.Read();
        switch (name, json.TokenType)
        {
            case ("background", JsonTokenType.True): call.Background = true; break;
            case ("n", JsonTokenType.Number): call.N = Math.Clamp(json.GetInt32(), 1, 128); break;
            case ("dimensions", JsonTokenType.Number): call.Dimensions = Math.Clamp(json.GetInt32(), 1, 4096); break;
            case ("encoding_format", JsonTokenType.String): call.EncodingFormat = json.GetString(); break;
            case ("response_format", JsonTokenType.String): call.ResponseFormat = json.GetString(); break;
            case ("stream_format", JsonTokenType.String): call.StreamFormat = json.GetString(); break;
            case ("stream_id", JsonTokenType.String): call.StreamId = json.GetString(); break;
            default: json.Skip(); break;
        }
    }

    private static void ReadStreamOptions(ref Utf8JsonReader json, CallRequest call)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            return;
        }

        call.HasStreamOptions = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = json.ValueTextEquals("include_usage"u8);
            json.Read();
            call.IncludeUsage |= isUsage && json.TokenType == JsonTokenType.True;
            json.Skip();
        }
    }

    /// <summary>One text, one text as tokens, or a list of either.</summary>
    private static int CountInputs(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return 1;
        }

        var count = 0;
        var isTokens = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            isTokens |= json.TokenType == JsonTokenType.Number;
            count++;
            json.Skip();
        }

        return isTokens ? 1 : count;
    }
}
