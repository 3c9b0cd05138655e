using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenAIProxy.BillingService.Tests.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.ManagedKeys;

/// <summary>A billing service with an admin token, and the admin.</summary>
internal sealed class KeyRig : IAsyncDisposable
{
    public const string AdminToken = "admin-T3BlbkFJ-sees-everything";

    private readonly BillingRig _rig;

    private KeyRig(LedgerRig place, BillingRig rig)
    {
        Place = place;
        _rig = rig;
    }

    public LedgerRig Place { get; }

    public BillingHost Billing => _rig.Billing;

    public static async Task<KeyRig> StartAsync(LedgerKind kind, Postgres postgres)
    {
        var place = await LedgerRig.CreateAsync(kind, postgres);
        return new KeyRig(place, await BillingRig.StartAsync(place.Setting, ("Billing:AdminToken", AdminToken)));
    }

    /// <summary>Another billing service at the same ledger.</summary>
    public Task<BillingRig> StartAnotherAsync() => BillingRig.StartAsync(Place.Setting, ("Billing:AdminToken", AdminToken));

    /// <summary>Asks the admin API.</summary>
    public Task<Answer> SendAsync(HttpMethod method, string target, object? body = null, string? token = AdminToken)
        => SendAsync(Billing, method, target, body is null ? null : Json(body), token);

    /// <summary>A body in JSON.</summary>
    public static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    public static async Task<Answer> SendAsync(BillingHost billing, HttpMethod method, string target, HttpContent? content, string? token = AdminToken)
    {
        using var request = new HttpRequestMessage(method, target) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await billing.Client.SendAsync(request).Guarded();
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Makes a key, and returns its id and its secret.</summary>
    public async Task<(string Id, string Secret)> CreateAsync(object fields)
    {
        var answer = await SendAsync(HttpMethod.Post, "/admin/keys", fields);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return (answer.Json.GetProperty("id").GetString()!, answer.Json.GetProperty("key").GetString()!);
    }

    /// <summary>What a gateway is told that knows a version, or none.</summary>
    public Task<Answer> SnapshotAsync(long? after) => SnapshotAsync(Billing, after);

    public static Task<Answer> SnapshotAsync(BillingHost billing, long? after)
        => billing.GetAsync($"/internal/keys{(after is null ? "" : $"?after={after}")}", key: null, (InternalHeaders.Token, BillingHost.InternalToken));

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await Place.DisposeAsync();
    }
}
