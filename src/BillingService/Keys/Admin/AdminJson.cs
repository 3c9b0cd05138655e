using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>Writes what the admin API answers.</summary>
internal static class AdminJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object with the members that <paramref name="write"/> gives it.</summary>
    public static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Answers with a body.</summary>
    public static Task WriteAsync(HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>The members of a key.</summary>
    /// <param name="json">Where they go, into an object.</param>
    /// <param name="key">The key.</param>
    /// <param name="lastUsed">The day of its last use; null for never.</param>
    /// <param name="now">The time, which decides on its state.</param>
    public static void WriteKey(Utf8JsonWriter json, ManagedKey key, DateOnly? lastUsed, DateTimeOffset now)
    {
        json.WriteString("id", key.Record.Id);
        json.WriteString("state", key.StateAt(now));
        var group = "";
        foreach (var field in KeyFields.All.OrderBy(field => field.Name.Contains('.', StringComparison.Ordinal)))
        {
            var parts = field.Name.Split('.');
            if (parts.Length > 1 && parts[0] != group)
            {
                group = parts[0];
                json.WriteStartObject(group);
            }

            WriteField(json, parts[^1], field, field.Get(key.Record));
        }

        if (group.Length > 0)
        {
            json.WriteEndObject();
        }

        json.WriteStartArray("secrets");
        foreach (var secret in key.SecretsAt(now))
        {
            WriteSecret(json, secret);
        }

        json.WriteEndArray();
        json.WriteString("created_at", KeyFields.Format(key.Created));
        json.WriteString("changed_at", KeyFields.Format(key.Changed));
        json.WriteString("revoked_at", key.Revoked is { } revoked ? KeyFields.Format(revoked) : null);
        json.WriteString("last_used_on", lastUsed?.ToString("O", null));
    }

    /// <summary>The members of a change.</summary>
    public static void WriteChange(Utf8JsonWriter json, KeyChange change)
    {
        json.WriteStartObject();
        json.WriteNumber("version", change.Version);
        json.WriteString("time", KeyFields.Format(change.Time));
        json.WriteString("actor", change.Actor);
        json.WriteString("action", change.Action);
        json.WriteString("key", change.Key);
        json.WriteString("name", change.Name);
        json.WriteStartArray("fields");
        foreach (var field in change.Fields)
        {
            json.WriteStringValue(field);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, string name, KeyField field, IReadOnlyList<string> texts)
    {
        switch (field.Kind)
        {
            case KeyFieldKind.List:
                json.WriteStartArray(name);
                foreach (var text in texts)
                {
                    json.WriteStringValue(text);
                }

                json.WriteEndArray();
                break;
            case KeyFieldKind.Switch:
                json.WriteBoolean(name, texts is ["true"]);
                break;
            case KeyFieldKind.Time when texts.Count == 0:
                json.WriteNull(name);
                break;
            default:
                json.WriteString(name, texts.Count == 0 ? "" : texts[0]);
                break;
        }
    }

    private static void WriteSecret(Utf8JsonWriter json, KeySecret secret)
    {
        json.WriteStartObject();
        json.WriteString("ending", secret.Ending);
        json.WriteString("not_after", secret.NotAfter is { } end ? KeyFields.Format(end) : null);
        json.WriteEndObject();
    }
}
