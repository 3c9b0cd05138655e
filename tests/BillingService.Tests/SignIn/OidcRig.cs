using OpenAIProxy.BillingService.Tests.ManagedKeys;
using OpenAIProxy.BillingService.Tests.Reports;

namespace OpenAIProxy.BillingService.Tests.SignIn;

/// <summary>A billing service, and a provider by which people sign in to it.</summary>
internal sealed class OidcRig : IAsyncDisposable
{
    public const string AdminToken = KeyRig.AdminToken;

    private static readonly Uri NoUpstream = new("http://127.0.0.1:9");

    private OidcRig(FakeProvider provider, BillingHost billing)
    {
        Provider = provider;
        Billing = billing;
    }

    public FakeProvider Provider { get; }

    public BillingHost Billing { get; }

    public static async Task<OidcRig> StartAsync(params (string Name, string Value)[] settings)
    {
        var provider = await FakeProvider.StartAsync();
        return new OidcRig(provider, await StartBillingAsync(provider, settings));
    }

    /// <summary>A billing service beside the provider; a setting that is given wins.</summary>
    public static Task<BillingHost> StartBillingAsync(FakeProvider provider, params (string Name, string Value)[] settings)
        => BillingHost.StartAsync(NoUpstream, [("Billing:AdminToken", AdminToken), .. provider.Settings(), .. settings]);

    /// <summary>Somebody who has signed in.</summary>
    public async Task<Surfer> SignInAsync(System.Text.Json.Nodes.JsonObject user)
    {
        Provider.User = user;
        var surfer = new Surfer(Billing.Address);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await surfer.SignInAsync()).Status);
        return surfer;
    }

    /// <summary>Makes a key that has used something, 15 of these <paramref name="tokens"/> each, and returns its id.</summary>
    public async Task<string> CreateUsedKeyAsync(string name, string owner, long tokens)
    {
        var made = await KeyRig.SendAsync(Billing, HttpMethod.Post, "/admin/keys", KeyRig.Json(new { name, owner }));
        var id = made.Json.GetProperty("id").GetString()!;
        await Billing.ReportAsync(Used.Tokens("2026-03-15", 4 * tokens, 11 * tokens, key: id));
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        await Billing.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
