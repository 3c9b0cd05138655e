using System.Text.Json.Nodes;
using OpenAIProxy.BillingService.SignIn;

namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>
/// The OpenAPI document of the admin API. It is made of the table of fields and not of the handlers: a field is in it as soon as it is enforced.
/// </summary>
internal static class AdminDocument
{
    /// <summary>The document.</summary>
    public static ReadOnlyMemory<byte> Bytes { get; } = System.Text.Encoding.UTF8.GetBytes(Create().ToJsonString());

    private static JsonObject Create() => new()
    {
        ["openapi"] = "3.1.0",
        ["info"] = new JsonObject { ["title"] = "OpenAIProxy admin API", ["version"] = "1", ["description"] = "Access keys made at run time." },
        ["security"] = new JsonArray(new JsonObject { ["adminToken"] = new JsonArray() }, new JsonObject { ["signIn"] = new JsonArray() }),
        ["paths"] = new JsonObject
        {
            [AdminRoutes.Keys] = new JsonObject
            {
                ["get"] = Operation("listKeys", "All keys.", "200", "KeyList"),
                ["post"] = Operation("createKey", "Makes a key; the answer alone shows its secret.", "201", "NewKey", "KeyFields"),
            },
            [$"{AdminRoutes.Keys}/{{id}}"] = OfKey(new JsonObject
            {
                ["get"] = Operation("showKey", "One key.", "200", "Key"),
                ["patch"] = Operation("updateKey", "Sets fields (RFC 7396); null sets one to its default.", "200", "Key", "KeyFields"),
                ["delete"] = Operation("deleteKey", "Forgets a key; its usage and its audit stay.", "204", null),
            }),
            [$"{AdminRoutes.Keys}/{{id}}/rotate"] = OfKey(new JsonObject
            {
                ["post"] = Operation("rotateKey", "Gives a key another secret; the old one stays valid for the overlap.", "200", "NewKey", "Rotation"),
            }),
            [$"{AdminRoutes.Keys}/{{id}}/revoke"] = OfKey(new JsonObject
            {
                ["post"] = Operation("revokeKey", "Ends a key for good.", "200", "Key"),
            }),
            [AdminRoutes.Audit] = new JsonObject { ["get"] = Audit() },
        },
        ["components"] = new JsonObject
        {
            ["securitySchemes"] = new JsonObject
            {
                ["adminToken"] = new JsonObject
                {
                    ["type"] = "http",
                    ["scheme"] = "bearer",
                    ["description"] = "Billing:AdminToken, or an access token of Oidc:Authority with the claim of Oidc:AdminClaim.",
                },
                ["signIn"] = new JsonObject
                {
                    ["type"] = "apiKey",
                    ["in"] = "cookie",
                    ["name"] = SignInCookie.Name,
                    ["description"] = "Who signed in to the usage page by Oidc:Authority and is an admin there; from pages of the same site only.",
                },
            },
            ["schemas"] = AdminSchemas.Create(),
        },
    };

    private static JsonObject OfKey(JsonObject operations)
    {
        operations["parameters"] = new JsonArray(Parameter("id", "path", new JsonObject { ["type"] = "string", ["pattern"] = "^key_[0-9a-f]{24}$" }));
        return operations;
    }

    private static JsonObject Audit()
    {
        var operation = Operation("listChanges", "What was done to keys, the newest first.", "200", "ChangeList");
        operation["parameters"] = new JsonArray(
            Parameter("limit", "query", new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 1000, ["default"] = 100 }),
            Parameter("before", "query", new JsonObject { ["type"] = "integer", ["minimum"] = 1 }),
            Parameter("key", "query", new JsonObject { ["type"] = "string" }));
        return operation;
    }

    private static JsonObject Parameter(string name, string place, JsonObject schema)
        => new() { ["name"] = name, ["in"] = place, ["required"] = place == "path", ["schema"] = schema };

    private static JsonObject Operation(string id, string summary, string status, string? answer, string? body = null)
    {
        var done = new JsonObject { ["description"] = summary };
        if (answer is not null)
        {
            done["content"] = Content("application/json", answer);
        }

        var operation = new JsonObject
        {
            ["operationId"] = id,
            ["summary"] = summary,
            ["responses"] = new JsonObject
            {
                [status] = done,
                ["default"] = new JsonObject { ["description"] = "What went wrong.", ["content"] = Content(Problem.ContentType, "Problem") },
            },
        };
        if (body is not null)
        {
            operation["requestBody"] = new JsonObject { ["required"] = body != "Rotation", ["content"] = Content("application/json", body) };
        }

        return operation;
    }

    private static JsonObject Content(string type, string schema) => new() { [type] = new JsonObject { ["schema"] = AdminSchemas.Reference(schema) } };
}
