using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>Reads the fields that are to be set from a body, and every error in it at once.</summary>
internal static class KeyBody
{
    private const string NotAValue = "is not what can stand here";

    private static readonly string[] ContentTypes = ["application/json", "application/merge-patch+json"];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a body as JSON; a problem if it is none. An empty one is an object without members.</summary>
    public static async Task<(JsonElement Root, Problem? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Over HTTP/2 a body may come without a length, and without Transfer-Encoding.
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return (JsonElement.Parse("{}"), null);
        }

        if (!ContentTypes.Contains(request.ContentType?.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase))
        {
            return (default, Problem.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "Send the body as application/json."));
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, Strict, cancellationToken);
            ReadTexts(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? (document.RootElement.Clone(), null)
                : (default, Problem.Of(StatusCodes.Status400BadRequest, "invalid_json", "The body is no JSON object."));
        }
        catch (InvalidOperationException)
        {
            return (default, Problem.Of(StatusCodes.Status400BadRequest, "invalid_json", "The body holds text that is no Unicode."));
        }
        catch (JsonException e)
        {
            // Its message may quote what was sent.
            return (default, Problem.Of(StatusCodes.Status400BadRequest, "invalid_json",
                $"The body is no JSON object, or has a member twice: line {e.LineNumber + 1}, byte {e.BytePositionInLine}."));
        }
    }

    /// <summary>The fields in an object. Null sets one to its default.</summary>
    public static List<KeyValue> Fields(JsonElement root, List<FieldError> errors)
    {
        var values = new List<KeyValue>();
        Read(root, "", values, errors);
        return values;
    }

    // Throws where "\ud800" stands alone: it is JSON, but no text. Names were read when it was looked whether one is there twice.
    private static void ReadTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    ReadTexts(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    ReadTexts(item);
                }

                break;
            case JsonValueKind.String:
                value.GetString();
                break;
        }
    }

    private static void Read(JsonElement parent, string prefix, List<KeyValue> values, List<FieldError> errors)
    {
        foreach (var member in parent.EnumerateObject())
        {
            var name = prefix + member.Name;
            if (KeyFields.Find(name) is { } field && !(prefix.Length == 0 && member.Name.Contains('.', StringComparison.Ordinal)))
            {
                if (Texts(field.Kind, member.Value) is { } texts)
                {
                    values.Add(new KeyValue(field, texts));
                }
                else
                {
                    errors.Add(new FieldError(name, $"This {NotAValue}; allowed: {field.About.Allowed}."));
                }
            }
            else if (prefix.Length == 0 && member.Value.ValueKind == JsonValueKind.Object
                && KeyFields.All.Any(known => known.Name.StartsWith(name + ".", StringComparison.Ordinal)))
            {
                Read(member.Value, name + ".", values, errors);
            }
            else
            {
                errors.Add(Unknown(prefix, member.Name));
            }
        }
    }

    // A name that is long is none, and may be a secret that slipped there.
    private static FieldError Unknown(string prefix, string name)
    {
        const int LongestShown = 32;
        var shown = name.Length <= LongestShown ? prefix + name : "";
        var message = name is "key" or "sha256" or "secret" or "secrets" or "id"
            ? "The server makes ids and secrets."
            : $"There is no such field. There are: {string.Join(", ", KeyFields.All.Select(field => field.Name))}.";
        return new FieldError(shown, message);
    }

    // Null if it is no value for the field.
    private static List<string>? Texts(KeyFieldKind kind, JsonElement value) => (kind, value.ValueKind) switch
    {
        (_, JsonValueKind.Null) => [],
        (KeyFieldKind.Switch, JsonValueKind.True) => ["true"],
        (KeyFieldKind.Switch, JsonValueKind.False) => ["false"],
        (KeyFieldKind.Switch, _) => null,
        (KeyFieldKind.Notation, JsonValueKind.Number) => [value.GetRawText()],
        (KeyFieldKind.List or KeyFieldKind.Notation, JsonValueKind.Array) => Each(value),
        (KeyFieldKind.List, _) => null,
        (_, JsonValueKind.String) => value.GetString() is { Length: > 0 } text ? [text] : [],
        _ => null,
    };

    private static List<string>? Each(JsonElement array)
        => array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) ? [.. array.EnumerateArray().Select(item => item.GetString()!)] : null;
}
