using System.Net;
using System.Net.Http.Json;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>A billing service with <see cref="SampleUsage"/> in its ledger, handed over as gateways do it.</summary>
public sealed class UsageRig : IAsyncLifetime
{
    private static readonly Uri NoUpstream = new("http://127.0.0.1:9");

    public BillingHost Billing { get; private set; } = null!;

    public Uri Page => new(Billing.Address, "/usage");

    public async ValueTask InitializeAsync()
    {
        Billing = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, UsageBatch.Path)
        {
            Content = JsonContent.Create(SampleUsage.Create(), ContractsJson.Default.UsageBatch),
        };
        request.Headers.Add(InternalHeaders.Token, SampleUsage.Internal);
        using var response = await Billing.Client.SendAsync(request).Guarded();
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    /// <summary>The same service with nothing in its ledger.</summary>
    public static Task<BillingHost> StartAsync(string internalToken = SampleUsage.Internal)
        => BillingHost.StartAsync(NoUpstream, ("Internal:Token", internalToken), ("Billing:AdminToken", SampleUsage.Admin));

    /// <summary>Posts the sign-in form with <paramref name="key"/>, as a browser on the page's own site does.</summary>
    public Task<Answer> SignInAsync(string key, params (string Name, string Value)[] headers) => PostAsync(Billing, "/usage/sign-in", key, headers);

    /// <summary>Signs in, and returns the cookie as it is to be sent back.</summary>
    public Task<string> CookieAsync(string key) => CookieAsync(Billing, key);

    /// <inheritdoc cref="CookieAsync(string)"/>
    public static async Task<string> CookieAsync(BillingHost billing, string key)
        => (await PostAsync(billing, "/usage/sign-in", key)).Headers["Set-Cookie"].Split(';')[0];

    public static async Task<Answer> PostAsync(BillingHost billing, string target, string key, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new FormUrlEncodedContent([new("key", key)]) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await billing.Client.SendAsync(request).Guarded();
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, all, await response.Content.ReadAsByteArrayAsync());
    }

    public ValueTask DisposeAsync() => Billing.DisposeAsync();
}
