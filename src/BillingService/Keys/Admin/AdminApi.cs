using System.Globalization;
using System.Text.Json;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Keys.Admin;

/// <summary>Answers what is asked under <c>/admin</c>. A handler returns a <see cref="Problem"/>, or what it has to say.</summary>
internal sealed class AdminApi(KeyStore keys, AdminActor actor, TimeProvider time)
{
    private const int MostChanges = 1_000;
    private const int UsualChanges = 100;

    public async Task<object> ListAsync(HttpContext context)
    {
        var book = await keys.ReadAsync(context.RequestAborted);
        var used = await keys.LastUsedAsync(context.RequestAborted);
        var now = time.GetUtcNow();
        return Json(StatusCodes.Status200OK, json =>
        {
            json.WriteNumber("version", book.Version);
            json.WriteStartArray("keys");
            foreach (var key in book.Keys)
            {
                json.WriteStartObject();
                AdminJson.WriteKey(json, key, LastUse(used, key), now);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    public async Task<object> ShowAsync(HttpContext context, string id)
    {
        var book = await keys.ReadAsync(context.RequestAborted);
        return book.Find(id) is { } key ? await KeyAsync(key, null, StatusCodes.Status200OK, context.RequestAborted) : NoKey();
    }

    public async Task<object> CreateAsync(HttpContext context)
    {
        var (values, problem) = await ReadFieldsAsync(context);
        if (problem is not null)
        {
            return problem;
        }

        var result = await keys.CreateAsync(values, ActorOf(context), context.RequestAborted);
        if (result.Outcome == KeyOutcome.Done)
        {
            context.Response.Headers.Location = $"{AdminRoutes.Keys}/{result.Key!.Record.Id}";
        }

        return await AnswerAsync(result, StatusCodes.Status201Created, context.RequestAborted);
    }

    public async Task<object> UpdateAsync(HttpContext context, string id)
    {
        var (values, problem) = await ReadFieldsAsync(context);
        if (problem is not null)
        {
            return problem;
        }

        return await AnswerAsync(await keys.UpdateAsync(id, values, ActorOf(context), context.RequestAborted), StatusCodes.Status200OK, context.RequestAborted);
    }

    public async Task<object> RotateAsync(HttpContext context, string id)
    {
        var (root, problem) = await KeyBody.ReadAsync(context.Request, context.RequestAborted);
        if (problem is not null)
        {
            return problem;
        }

        var overlap = KeyStore.UsualOverlap;
        var errors = new List<FieldError>();
        foreach (var member in root.EnumerateObject())
        {
            if (member.Name != "overlap")
            {
                errors.Add(new FieldError(member.Name, "There is no such field. There is: overlap."));
            }
            else if (member.Value.ValueKind != JsonValueKind.String || !Durations.TryParse(member.Value.GetString()!, out overlap)
                || overlap > KeyStore.LongestOverlap)
            {
                errors.Add(new FieldError(member.Name, $"This can't be used; allowed: a duration such as 24h, from 0s to {KeyStore.LongestOverlap.Days}d."));
            }
        }

        return errors.Count > 0
            ? Problem.OfFields(errors)
            : await AnswerAsync(await keys.RotateAsync(id, overlap, ActorOf(context), context.RequestAborted), StatusCodes.Status200OK, context.RequestAborted);
    }

    public async Task<object> RevokeAsync(HttpContext context, string id)
        => await AnswerAsync(await keys.RevokeAsync(id, ActorOf(context), context.RequestAborted), StatusCodes.Status200OK, context.RequestAborted);

    public async Task<object> DeleteAsync(HttpContext context, string id)
    {
        var result = await keys.DeleteAsync(id, ActorOf(context), context.RequestAborted);
        return result.Outcome == KeyOutcome.Done ? Results.NoContent() : NoKey();
    }

    public async Task<object> AuditAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var errors = new List<FieldError>();
        foreach (var name in query.Keys.Where(name => name is not ("limit" or "before" or "key")))
        {
            errors.Add(new FieldError(name, "There is no such parameter. There are: limit, before, key."));
        }

        var limit = Number(query, "limit", UsualChanges, MostChanges, errors);
        var before = Number(query, "before", long.MaxValue, long.MaxValue, errors);
        if (errors.Count > 0)
        {
            return Problem.OfFields(errors);
        }

        var key = query["key"].ToString();
        var changes = await keys.ChangesAsync(key.Length > 0 ? key : null, before, (int)limit, context.RequestAborted);
        return Json(StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray("changes");
            foreach (var change in changes)
            {
                AdminJson.WriteChange(json, change);
            }

            json.WriteEndArray();
        });
    }

    public static Problem NoSuchUrl(HttpContext context) => Problem.Of(StatusCodes.Status404NotFound, "unknown_url",
        $"Unknown request URL: {context.Request.Method} {context.Request.Path}. {AdminRoutes.Document} says what there is.");

    // Who is known by name is named; else it is who holds the admin token.
    private string ActorOf(HttpContext context) => context.Features.Get<AdminActor>()?.Name ?? actor.Name;

    private static async Task<(IReadOnlyList<KeyValue> Values, Problem? Problem)> ReadFieldsAsync(HttpContext context)
    {
        var (root, problem) = await KeyBody.ReadAsync(context.Request, context.RequestAborted);
        if (problem is not null)
        {
            return ([], problem);
        }

        var errors = new List<FieldError>();
        var values = KeyBody.Fields(root, errors);
        return (values, errors.Count > 0 ? Problem.OfFields([.. errors, .. Wrong(values, errors)]) : null);
    }

    // With unknown members the values of the known ones are judged, too: all errors come at once.
    private static IEnumerable<FieldError> Wrong(IReadOnlyList<KeyValue> values, IReadOnlyList<FieldError> errors)
    {
        KeyFields.Apply(new Contracts.Keys.AccessKeyRecord { Id = "", Name = "x", Secrets = [] }, values, out var wrong);
        return wrong.Where(error => errors.All(known => known.Name != error.Name));
    }

    private static long Number(IQueryCollection query, string name, long usual, long most, List<FieldError> errors)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return usual;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
        {
            return number;
        }

        errors.Add(new FieldError(name, $"This can't be used; allowed: a whole number from 1 to {most}."));
        return usual;
    }

    private async Task<object> AnswerAsync(KeyResult result, int status, CancellationToken cancellationToken)
    {
        switch (result.Outcome)
        {
            case KeyOutcome.Done:
                return await KeyAsync(result.Key!, result.Secret, status, cancellationToken);
            case KeyOutcome.IsRevoked:
                return Problem.Of(StatusCodes.Status409Conflict, "key_revoked", "This key is revoked, and stays so. Make another.");
            case KeyOutcome.IsWrong:
                return Problem.OfFields(result.Wrong!);
            default:
                return NoKey();
        }
    }

    private async Task<object> KeyAsync(ManagedKey key, string? secret, int status, CancellationToken cancellationToken)
    {
        var used = secret is null || status == StatusCodes.Status200OK ? await keys.LastUsedAsync(cancellationToken) : [];
        return Json(status, json =>
        {
            if (secret is not null)
            {
                json.WriteString("key", secret);
            }

            AdminJson.WriteKey(json, key, LastUse(used, key), time.GetUtcNow());
        });
    }

    private static DateOnly? LastUse(Dictionary<string, DateOnly> used, ManagedKey key) => used.TryGetValue(key.Record.Id, out var day) ? day : null;

    private static Problem NoKey() => Problem.Of(StatusCodes.Status404NotFound, "unknown_key", "There is no managed key with this id.");

    private static JsonAnswer Json(int status, Action<Utf8JsonWriter> write) => new(status, AdminJson.Bytes(write));
}
