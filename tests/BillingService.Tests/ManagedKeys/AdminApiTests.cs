using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenAIProxy.BillingService.Tests.Ledger;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Tests.ManagedKeys;

/// <summary>Access keys that are made, changed and ended by the admin API.</summary>
public sealed class AdminApiTests(Postgres postgres)
{
    private static readonly string[] Tags = ["a", "b"];
    private static readonly string[] Networks = ["10.0.0.0/8"];
    private static readonly string[] Files = ["/v1/files/*"];

    [Theory, OnEachDatabase]
    public async Task Key_IsMadeShownChangedAndForgotten(LedgerKind kind)
    {
        await using var rig = await KeyRig.StartAsync(kind, postgres);
        var fields = new { name = "ann", owner = "ann@example.com", team = "research", tags = Tags, expires = "2999-01-31", endpoints = Files };

        var made = await rig.SendAsync(HttpMethod.Post, "/admin/keys", fields);
        var id = made.Json.GetProperty("id").GetString()!;
        var secret = made.Json.GetProperty("key").GetString()!;
        var shown = await rig.SendAsync(HttpMethod.Get, $"/admin/keys/{id}");
        var changed = await rig.SendAsync(HttpMethod.Patch, $"/admin/keys/{id}", new { owner = (string?)null, enabled = false, networks = Networks });
        var list = await rig.SendAsync(HttpMethod.Get, "/admin/keys");
        var forgotten = await rig.SendAsync(HttpMethod.Delete, $"/admin/keys/{id}");

        Assert.Equal((HttpStatusCode.Created, $"/admin/keys/{id}"), (made.Status, made.Headers["Location"]));
        Assert.Equal(KeyId.Of(secret).Value, id);
        Assert.Matches("^fk-[0-9A-Za-z]{49}$", secret);
        Assert.Equal("no-store", made.Headers["Cache-Control"]);
        Assert.DoesNotContain(secret, shown.Text, StringComparison.Ordinal);
        Assert.Equal(("ann", "ann@example.com", "research", "active"), (Text(shown, "name"), Text(shown, "owner"), Text(shown, "team"), Text(shown, "state")));
        Assert.Equal("2999-01-31T00:00:00Z", Text(shown, "expires"));
        Assert.Equal("""["/v1/files/*"]""", shown.Json.GetProperty("endpoints").GetRawText());
        Assert.Equal(secret[^4..], shown.Json.GetProperty("secrets")[0].GetProperty("ending").GetString());
        Assert.Equal(("", "disabled", "research"), (Text(changed, "owner"), Text(changed, "state"), Text(changed, "team")));
        Assert.Equal("""["10.0.0.0/8"]""", changed.Json.GetProperty("networks").GetRawText());
        Assert.Equal(id, Assert.Single(list.Json.GetProperty("keys").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NoContent, forgotten.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.SendAsync(HttpMethod.Get, $"/admin/keys/{id}")).Status);
    }

    [Theory, OnEachDatabase]
    public async Task Changes_AreAllInTheAuditWithoutSecrets(LedgerKind kind)
    {
        await using var rig = await KeyRig.StartAsync(kind, postgres);
        var (id, secret) = await rig.CreateAsync(new { name = "ann", team = "research" });
        await rig.SendAsync(HttpMethod.Patch, $"/admin/keys/{id}", new { team = "sales" });
        await rig.SendAsync(HttpMethod.Patch, $"/admin/keys/{id}", new { team = "sales" });
        var second = Text(await rig.SendAsync(HttpMethod.Post, $"/admin/keys/{id}/rotate"), "key");
        await rig.SendAsync(HttpMethod.Post, $"/admin/keys/{id}/revoke");
        await rig.SendAsync(HttpMethod.Post, $"/admin/keys/{id}/revoke");
        await rig.SendAsync(HttpMethod.Delete, $"/admin/keys/{id}");
        await rig.CreateAsync(new { name = "bob" });

        var audit = await rig.SendAsync(HttpMethod.Get, $"/admin/audit?key={id}");
        var page = await rig.SendAsync(HttpMethod.Get, "/admin/audit?limit=1&before=3");

        Assert.Equal(
            [(5, "delete", ""), (4, "revoke", ""), (3, "rotate", ""), (2, "update", "team"), (1, "create", "name team")],
            audit.Json.GetProperty("changes").EnumerateArray().Select(change => (
                change.GetProperty("version").GetInt32(), change.GetProperty("action").GetString(),
                string.Join(' ', change.GetProperty("fields").EnumerateArray().Select(field => field.GetString())))));
        Assert.All(audit.Json.GetProperty("changes").EnumerateArray(), change => Assert.Equal(
            (id, "ann", "admin API"),
            (change.GetProperty("key").GetString(), change.GetProperty("name").GetString(), change.GetProperty("actor").GetString())));
        Assert.Equal(2, Assert.Single(page.Json.GetProperty("changes").EnumerateArray()).GetProperty("version").GetInt32());
        Assert.DoesNotContain(secret[3..], audit.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(second[3..], audit.Text, StringComparison.Ordinal);
        Assert.Empty(rig.Billing.Logs.Find(secret[3..]).Concat(rig.Billing.Logs.Find(second[3..])));
    }

    [Theory, OnEachDatabase]
    public async Task Rotation_LeavesTwoSecretsForTheOverlapAndNeverThree(LedgerKind kind)
    {
        await using var rig = await KeyRig.StartAsync(kind, postgres);
        var (id, first) = await rig.CreateAsync(new { name = "ann" });

        var second = Text(await rig.SendAsync(HttpMethod.Post, $"/admin/keys/{id}/rotate", new { overlap = "2h" }), "key");
        var two = await SecretsAsync(rig);
        var third = Text(await rig.SendAsync(HttpMethod.Post, $"/admin/keys/{id}/rotate"), "key");
        var next = await SecretsAsync(rig);
        var fourth = Text(await rig.SendAsync(HttpMethod.Post, $"/admin/keys/{id}/rotate", new { overlap = "0s" }), "key");
        var last = await SecretsAsync(rig);

        var now = rig.Billing.Clock.GetUtcNow();
        Assert.Equal([(Hash(first), now.AddHours(2)), (Hash(second), null)], two);
        Assert.Equal([(Hash(second), now.AddDays(1)), (Hash(third), null)], next);
        Assert.Equal([(Hash(fourth), null)], last);
        Assert.Equal(422, (int)(await rig.SendAsync(HttpMethod.Post, $"/admin/keys/{id}/rotate", new { overlap = "31d" })).Status);
    }

    [Theory, OnEachDatabase]
    public async Task RevokedKey_StaysRevokedAndKeepsNoSecret(LedgerKind kind)
    {
        await using var rig = await KeyRig.StartAsync(kind, postgres);
        var (id, _) = await rig.CreateAsync(new { name = "ann" });

        var revoked = await rig.SendAsync(HttpMethod.Post, $"/admin/keys/{id}/revoke");
        var rotated = await rig.SendAsync(HttpMethod.Post, $"/admin/keys/{id}/rotate");
        var enabled = await rig.SendAsync(HttpMethod.Patch, $"/admin/keys/{id}", new { enabled = true });

        Assert.Equal((HttpStatusCode.OK, "revoked"), (revoked.Status, Text(revoked, "state")));
        Assert.Equal((HttpStatusCode.Conflict, "key_revoked"), (rotated.Status, Text(rotated, "code")));
        Assert.Equal((HttpStatusCode.Conflict, "key_revoked"), (enabled.Status, Text(enabled, "code")));
        Assert.Empty(await SecretsAsync(rig));
    }

    [Theory, OnEachDatabase]
    public async Task LastUse_IsTheLastDayOfTheKeysUsage(LedgerKind kind)
    {
        await using var rig = await KeyRig.StartAsync(kind, postgres);
        var (id, _) = await rig.CreateAsync(new { name = "ann" });
        await rig.CreateAsync(new { name = "bob" });
        var today = Rows.Of(key: id);
        await rig.Billing.ReportAsync(today with { What = today.What with { Hour = today.What.Hour - 48 } });
        var before = Text(await rig.SendAsync(HttpMethod.Get, $"/admin/keys/{id}"), "last_used_on");

        await rig.Billing.ReportAsync(today with { What = today.What with { Model = "another" } });

        var keys = (await rig.SendAsync(HttpMethod.Get, "/admin/keys")).Json.GetProperty("keys").EnumerateArray()
            .ToDictionary(key => key.GetProperty("name").GetString()!, key => key.GetProperty("last_used_on").GetString());
        Assert.Equal(ManualClock.Today.AddDays(-2).ToString("O"), before);
        Assert.Equal(ManualClock.Today.ToString("O"), keys["ann"]);
        Assert.Null(keys["bob"]);
    }

    [Fact]
    public async Task Fields_ThatAreWrong_AreAllToldAtOnce()
    {
        await using var rig = await KeyRig.StartAsync(LedgerKind.Sqlite, postgres);
        var body = new
        {
            name = "fk-in-the-wrong-place",
            tags = "not a list",
            enabled = "yes",
            expires = "tomorrow",
            endpoints = new[] { "v1" },
            colour = "red",
            key = "fk-mine",
            limits = new { nothing = 1 },
        };

        var answer = await rig.SendAsync(HttpMethod.Post, "/admin/keys", body);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json"), (answer.Status, answer.Headers["Content-Type"]));
        Assert.Equal((422, "invalid_fields"), (answer.Json.GetProperty("status").GetInt32(), Text(answer, "code")));
        var pointers = answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("pointer").GetString()).Order().ToArray();
        Assert.Equal(7, pointers.Count(pointer => pointer is "#/name" or "#/tags" or "#/enabled" or "#/expires" or "#/endpoints" or "#/colour" or "#/key"));
        Assert.Equal(1, pointers.Count(pointer => pointer is "#/limits" or "#/limits/nothing"));
        Assert.Equal(8, pointers.Length);
        Assert.DoesNotContain("fk-in-the-wrong-place", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("fk-mine", answer.Text, StringComparison.Ordinal);
        Assert.Empty((await rig.SendAsync(HttpMethod.Get, "/admin/keys")).Json.GetProperty("keys").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"name":"ann","name":"bob"}""", "application/json", 400, "invalid_json")]
    [InlineData("""["ann"]""", "application/json", 400, "invalid_json")]
    [InlineData("""{"name":""", "application/json", 400, "invalid_json")]
    [InlineData("""{"name":"\ud800"}""", "application/json", 400, "invalid_json")]
    [InlineData("""{"tags":["a","\udc00b"],"name":"ann"}""", "application/json", 400, "invalid_json")]
    [InlineData("""{"\ud800":"ann"}""", "application/json", 400, "invalid_json")]
    [InlineData("name=ann", "application/x-www-form-urlencoded", 415, "unsupported_media_type")]
    [InlineData("{}", "application/json", 422, "invalid_fields")]
    public async Task Body_ThatIsNoKey_IsAProblem(string body, string type, int status, string code)
    {
        await using var rig = await KeyRig.StartAsync(LedgerKind.Sqlite, postgres);

        var answer = await KeyRig.SendAsync(rig.Billing, HttpMethod.Post, "/admin/keys", new StringContent(body, Encoding.UTF8, type));

        Assert.Equal((status, code, "application/problem+json"), ((int)answer.Status, Text(answer, "code"), answer.Headers["Content-Type"]));
    }

    [Fact]
    public async Task FieldsOfTheTable_CanAllBeSetAndAreShown()
    {
        await using var rig = await KeyRig.StartAsync(LedgerKind.Sqlite, postgres);
        var document = (await rig.SendAsync(HttpMethod.Get, "/openapi/admin.json", token: null)).Json;
        var schemas = document.GetProperty("components").GetProperty("schemas");

        foreach (var field in AccessKeyFields.All.Where(field => field != AccessKeyFields.Key && field != AccessKeyFields.Sha256))
        {
            var path = field.Name.Split(':').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).ToArray();
            foreach (var schema in (string[])["KeyFields", "Key", "NewKey"])
            {
                var at = schemas.GetProperty(schema).GetProperty("properties").GetProperty(path[0]);
                at = path.Length > 1 ? at.GetProperty("properties").GetProperty(path[1]) : at;
                Assert.Contains(field.Allowed, at.GetProperty("description").GetString(), StringComparison.Ordinal);
            }

            Assert.Contains(path[^1], (await rig.SendAsync(HttpMethod.Get, $"/admin/keys/{(await rig.CreateAsync(new { name = "ann" })).Id}")).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AdminToken_ThatIsMissingWrongOrNotSet_OpensNothing()
    {
        await using var rig = await KeyRig.StartAsync(LedgerKind.Sqlite, postgres);
        await using var without = await BillingRig.StartAsync();

        var none = await rig.SendAsync(HttpMethod.Get, "/admin/keys", token: null);
        var off = await KeyRig.SendAsync(without.Billing, HttpMethod.Get, "/admin/keys", null);
        var wrong = await rig.SendAsync(HttpMethod.Get, "/admin/keys", token: "wrong");
        for (var i = 1; i < 20; i++)
        {
            await rig.SendAsync(HttpMethod.Get, "/admin/audit", token: $"wrong-{i}");
        }

        var tooMany = await rig.SendAsync(HttpMethod.Get, "/admin/keys", token: "wrong");
        var right = await rig.SendAsync(HttpMethod.Get, "/admin/keys");

        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_admin_token"), (none.Status, Text(none, "code")));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_admin_token"), (wrong.Status, Text(wrong, "code")));
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_wrong_keys"), (tooMany.Status, Text(tooMany, "code")));
        Assert.Equal(HttpStatusCode.OK, right.Status);
        Assert.Equal((HttpStatusCode.Forbidden, "admin_token_not_set"), (off.Status, Text(off, "code")));
        Assert.Contains("Billing:AdminToken", Text(off, "detail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "/admin/keys")]
    [InlineData("GET", "/admin")]
    [InlineData("GET", "/admin/keys/key_9f86d081884c7d659a2feaa0")]
    [InlineData("PATCH", "/admin/keys/key_9f86d081884c7d659a2feaa0")]
    [InlineData("DELETE", "/admin/keys/key_9f86d081884c7d659a2feaa0")]
    [InlineData("POST", "/admin/keys/key_9f86d081884c7d659a2feaa0/rotate")]
    [InlineData("POST", "/admin/keys/key_9f86d081884c7d659a2feaa0/revoke")]
    public async Task Url_WithNothingBehindIt_IsAProblem(string method, string target)
    {
        await using var rig = await KeyRig.StartAsync(LedgerKind.Sqlite, postgres);

        var answer = await rig.SendAsync(new HttpMethod(method), target, method == "PATCH" ? new { name = "ann" } : null);

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.Status, answer.Headers["Content-Type"]));
    }

    private static string Text(Answer answer, string name) => answer.Json.GetProperty(name).GetString()!;

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    // As the gateways get them.
    private static async Task<(string, DateTimeOffset?)[]> SecretsAsync(KeyRig rig)
        => [.. (await rig.SnapshotAsync(null)).Json.GetProperty("keys")[0].GetProperty("secrets").EnumerateArray().Select(secret => (
            secret.GetProperty("sha256").GetString()!, secret.TryGetProperty("notAfter", out var end) ? end.GetDateTimeOffset() : (DateTimeOffset?)null))];
}
