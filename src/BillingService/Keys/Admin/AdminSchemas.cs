using System.Text.Json.Nodes;

namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>What the bodies of the admin API look like.</summary>
internal static class AdminSchemas
{
    public static JsonObject Create() => new()
    {
        ["KeyFields"] = Object(Fields(), closed: true),
        ["Key"] = Object(WithFields(Made())),
        ["NewKey"] = Object(WithSecret(WithFields(Made()))),
        ["KeyList"] = Object(new JsonObject { ["version"] = Of("integer"), ["keys"] = ArrayOf(Reference("Key")) }),
        ["Rotation"] = Object(new JsonObject { ["overlap"] = Text("How long the old secret stays valid: 0s to 30d, by default 24h.") }, closed: true),
        ["ChangeList"] = Object(new JsonObject { ["changes"] = ArrayOf(Object(Change())) }),
        ["Problem"] = Object(new JsonObject
        {
            ["type"] = Of("string"),
            ["title"] = Of("string"),
            ["status"] = Of("integer"),
            ["detail"] = Of("string"),
            ["code"] = Of("string"),
            ["errors"] = ArrayOf(Object(new JsonObject { ["detail"] = Of("string"), ["pointer"] = Of("string") })),
        }),
    };

    public static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    // What the server adds to the fields.
    private static JsonObject Made() => new()
    {
        ["id"] = Of("string"),
        ["state"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("active", "disabled", "expired", "revoked") },
        ["secrets"] = ArrayOf(Object(new JsonObject { ["ending"] = Of("string"), ["not_after"] = Time() })),
        ["created_at"] = Time(),
        ["changed_at"] = Time(),
        ["revoked_at"] = Time(),
        ["last_used_on"] = new JsonObject { ["type"] = new JsonArray("string", "null"), ["format"] = "date" },
    };

    private static JsonObject Change() => new()
    {
        ["version"] = Of("integer"),
        ["time"] = Time(),
        ["actor"] = Of("string"),
        ["action"] = Of("string"),
        ["key"] = Of("string"),
        ["name"] = Of("string"),
        ["fields"] = ArrayOf(Of("string")),
    };

    private static JsonObject WithSecret(JsonObject key)
    {
        key.Insert(0, "key", Text("The secret. It is shown in this answer alone."));
        return key;
    }

    private static JsonObject WithFields(JsonObject made)
    {
        foreach (var (name, field) in Fields().ToArray())
        {
            made[name] = field!.DeepClone();
        }

        return made;
    }

    private static JsonObject Fields()
    {
        var fields = new JsonObject();
        foreach (var field in KeyFields.All)
        {
            var parts = field.Name.Split('.');
            var parent = fields;
            if (parts.Length > 1)
            {
                fields[parts[0]] ??= Object([], closed: true);
                parent = (JsonObject)fields[parts[0]]!["properties"]!;
            }

            parent[parts[^1]] = Schema(field);
        }

        return fields;
    }

    private static JsonObject Schema(KeyField field)
    {
        var schema = field.Kind switch
        {
            KeyFieldKind.List => ArrayOf(Of("string")),
            KeyFieldKind.Switch => Of("boolean"),
            _ => Of("string"),
        };
        schema["type"] = new JsonArray(schema["type"]!.GetValue<string>(), "null");
        schema["description"] = $"{field.About.Meaning} Allowed: {field.About.Allowed}.";
        return schema;
    }

    private static JsonObject Object(JsonObject properties, bool closed = false)
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (closed)
        {
            schema["additionalProperties"] = false;
        }

        return schema;
    }

    private static JsonObject ArrayOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Of(string type) => new() { ["type"] = type };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Time() => new() { ["type"] = new JsonArray("string", "null"), ["format"] = "date-time" };
}
