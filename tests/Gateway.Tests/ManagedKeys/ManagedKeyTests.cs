using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.Access;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.ManagedKeys;

/// <summary>Access keys that the billing service keeps open the gateway, and stop doing so.</summary>
public sealed class ManagedKeyTests : IAsyncLifetime
{
    private readonly DirectoryInfo _journal = Directory.CreateTempSubdirectory("openaiproxy-keys-");
    private AppUpstream _upstream = null!;

    private string File => Path.Combine(_journal.FullName, "access-keys");

    public async ValueTask InitializeAsync() => _upstream = await AppUpstream.StartAsync(
        context => context.Response.WriteAsync($"{context.Request.Path} {context.Request.Headers.Authorization}"));

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _journal.Delete(recursive: true);
    }

    [Fact]
    public async Task Key_OfTheBillingService_OpensTheGatewayFromItsStartOnUntilItIsTakenAway()
    {
        await using var billing = await PlayedBilling.StartAsync(PlayedBilling.Key("ann", Keys.Access));
        await using var gateway = await StartAsync(billing.Address);

        Assert.Equal($"/v1/models Bearer {Keys.Operator}", await TextAsync(gateway, Keys.Access));
        Assert.Equal(401, await StatusAsync(gateway, Keys.SecondAccess));
        billing.Set(2, PlayedBilling.Key("ann", Keys.Access), PlayedBilling.Key("bob", Keys.SecondAccess));
        await UntilAsync(gateway, Keys.SecondAccess, 200);
        billing.Set(3, PlayedBilling.Key("bob", Keys.SecondAccess));
        await UntilAsync(gateway, Keys.Access, 401);

        Assert.Equal(200, await StatusAsync(gateway, Keys.SecondAccess));
        Assert.Empty(gateway.Logs.Find(Keys.Access));
        // Its usage keeps its name.
        Assert.Equal("ann", new AccessKeyLabels(gateway.Services.GetRequiredService<AccessRules>()).Find(PlayedBilling.Record("ann").Id)?.Name);
    }

    [Fact]
    public async Task Key_WithTwoSecrets_OpensTheGatewayWithBothUntilOneEnds()
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2027-01-30T23:59:59Z", null));
        var record = PlayedBilling.Record("ann", Keys.Access, Keys.SecondAccess);
        record = record with { Secrets = [record.Secrets[0] with { NotAfter = time.GetUtcNow().AddHours(1) }, record.Secrets[1]] };
        await using var billing = await PlayedBilling.StartAsync(Contracts.Keys.AccessKeyJson.Write(record));
        await using var gateway = await StartAsync(billing.Address, time);

        Assert.Equal((200, 200), (await StatusAsync(gateway, Keys.Access), await StatusAsync(gateway, Keys.SecondAccess)));
        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal((401, 200), (await StatusAsync(gateway, Keys.Access), await StatusAsync(gateway, Keys.SecondAccess)));
    }

    [Fact]
    public async Task Keys_HoldWhileTheBillingServiceIsAwayAlsoAtAStart()
    {
        var billing = await PlayedBilling.StartAsync(PlayedBilling.Key("ann", Keys.Access), PlayedBilling.Key("old"));
        var address = billing.Address;
        await using (var gateway = await StartAsync(address))
        {
            await billing.DisposeAsync();
            Assert.Equal(200, await StatusAsync(gateway, Keys.Access));
        }

        await using var again = await StartAsync(address);

        Assert.Equal(200, await StatusAsync(again, Keys.Access));
        Assert.Equal(401, await StatusAsync(again, null));
        Assert.DoesNotContain(Keys.Access, await System.IO.File.ReadAllTextAsync(File), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("changed")]
    [InlineData("empty")]
    [InlineData("other")]
    public async Task File_ThatIsDamaged_IsToldAndIgnored(string damage)
    {
        var billing = await PlayedBilling.StartAsync(PlayedBilling.Key("ann", Keys.Access));
        var address = billing.Address;
        await (await StartAsync(address)).DisposeAsync();
        await billing.DisposeAsync();
        var text = await System.IO.File.ReadAllTextAsync(File);
        await System.IO.File.WriteAllTextAsync(File, damage switch
        {
            "cut" => text[..^1],
            "changed" => text.Replace("ann", "eve", StringComparison.Ordinal),
            "empty" => "",
            _ => new string('x', 200),
        });

        await using var gateway = await StartAsync(address);

        Assert.Equal(401, await StatusAsync(gateway, Keys.Access));
        Assert.Single(gateway.Logs.Find("The access keys on disk"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(204)]
    public async Task BillingService_ThatFails_IsAskedAgain(int status)
    {
        await using var billing = await PlayedBilling.StartAsync();
        await using var gateway = await StartAsync(billing.Address);
        billing.Fail(status);
        billing.Set(2, PlayedBilling.Key("ann", Keys.Access));
        Assert.Equal(401, await StatusAsync(gateway, Keys.Access));

        billing.Fail(0);

        await UntilAsync(gateway, Keys.Access, 200);
    }

    [Theory]
    [InlineData("\"colour\":\"red\"")]
    [InlineData("\"tags\":[null]")]
    [InlineData("\"models\":[\"gpt-4o\",null]")]
    public async Task Key_WithARuleThatIsNotKnown_OpensNothing(string rule)
    {
        await using var billing = await PlayedBilling.StartAsync(
            PlayedBilling.Key("ann", Keys.Access).Replace("\"name\"", $"{rule},\"name\"", StringComparison.Ordinal),
            PlayedBilling.Key("bob", Keys.SecondAccess));
        await using var gateway = await StartAsync(billing.Address);

        Assert.Equal((401, 200), (await StatusAsync(gateway, Keys.Access), await StatusAsync(gateway, Keys.SecondAccess)));
        Assert.Single(gateway.Logs.Find("1 access keys made at run time have rules"));
    }

    [Fact]
    public async Task Key_OfTheSettings_WinsOverOneOfTheBillingService()
    {
        var managed = PlayedBilling.Record("ann", Keys.Access) with { Endpoints = ["/v1/embeddings"] };
        await using var billing = await PlayedBilling.StartAsync(Contracts.Keys.AccessKeyJson.Write(managed));
        await using var gateway = await StartAsync(billing.Address, null, ("Access:Keys", Keys.Access));

        Assert.Equal(200, await StatusAsync(gateway, Keys.Access));
    }

    [Fact]
    public async Task AnonymousUse_OnLoopback_EndsWithTheFirstKeyAndAlsoARevokedOneCounts()
    {
        await using var billing = await PlayedBilling.StartAsync();
        await using var gateway = await StartAsync(billing.Address);
        Assert.Equal(200, await StatusAsync(gateway, null));

        billing.Set(2, PlayedBilling.Key("revoked"));

        await UntilAsync(gateway, null, 401);
    }

    [Fact]
    public async Task Gateway_ForEverybody_StartsWithoutConfiguredKeysAndRefusesWhoHasNone()
    {
        await using var billing = await PlayedBilling.StartAsync(PlayedBilling.Key("ann", Keys.Access));
        await using var gateway = await StartAsync(billing.Address, null, ("urls", "http://0.0.0.0:0"));

        Assert.Equal((401, 200), (await StatusAsync(gateway, null), await StatusAsync(gateway, Keys.Access)));
        billing.Set(2);
        await UntilAsync(gateway, Keys.Access, 401);
        Assert.Equal(401, await StatusAsync(gateway, null));
    }

    [Theory]
    [InlineData("Access:ManagedKeys=false", "everyone who can reach it")]
    [InlineData("OpenAI:ApiKey= Access:ManagedKeys=true", "OpenAI:ApiKey (OPENAI_API_KEY) is not set")]
    [InlineData("services:billing:http:0= Access:ManagedKeys=true", "there is no billing service")]
    [InlineData("Internal:Token= Metering:Enabled=false Access:ManagedKeys=true", "there is no billing service")]
    public void Settings_ThatMakeNoSense_StopTheStart(string settings, string message)
    {
        var all = new Dictionary<string, string>
        {
            ["urls"] = "http://0.0.0.0:0",
            ["OpenAI:ApiKey"] = Keys.Operator,
            ["Access:ManagedKeys"] = "",
            ["services:billing:http:0"] = "http://127.0.0.1:9",
        };
        foreach (var setting in settings.Split(' '))
        {
            all[setting.Split('=')[0]] = setting.Split('=')[1];
        }

        var e = Assert.Throws<SettingsException>(() => GatewayHost.Build([.. all.Select(s => (s.Key, s.Value))]));

        Assert.Contains(e.Errors, error => error.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AdminApi_IsAskedAtTheBillingServiceWithTheTokenAndNeverUpstream()
    {
        await using var billing = await PlayedBilling.StartAsync();
        await using var gateway = await StartAsync(billing.Address, null, ("Forwarding:RoutePrefix", "/openai"));
        var asked = new[] { "PATCH /admin/keys/key_1", "GET /openai/admin/audit?limit=1", "GET /openapi/admin.json", "GET /ADMIN/keys", "GET /admin//keys" };

        foreach (var target in asked)
        {
            using var request = new HttpRequestMessage(new HttpMethod(target.Split(' ')[0]), target.Split(' ')[1]);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "the-admin-token");
            request.Headers.Add("Origin", "https://elsewhere.example");
            using var answer = await gateway.Client.SendAsync(request).Guarded();
            Assert.Equal(target == "GET /admin//keys" ? 404 : 418, (int)answer.StatusCode);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }

        Assert.Equal(
            ["PATCH /admin/keys/key_1 Bearer the-admin-token", "GET /admin/audit?limit=1 Bearer the-admin-token",
                "GET /openapi/admin.json Bearer the-admin-token", "GET /ADMIN/keys Bearer the-admin-token"],
            billing.Asked.Where(line => !line.Contains("/health", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AdminApi_WithoutManagedKeysOrBillingService_IsAProblemThatNamesTheSetting()
    {
        await using var billing = await PlayedBilling.StartAsync();
        await using var off = await StartAsync(billing.Address, null, ("Access:ManagedKeys", "false"));
        await using var away = await StartAsync(new Uri("http://127.0.0.1:9"));

        using var answer = await off.Client.GetAsync("/admin/keys").Guarded();
        using var unreachable = await away.Client.GetAsync("/admin/keys").Guarded();

        Assert.Equal((404, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("Access:ManagedKeys", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((502, "application/problem+json"), ((int)unreachable.StatusCode, unreachable.Content.Headers.ContentType?.MediaType));
        Assert.Contains("billing_unreachable", await unreachable.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task<GatewayHost> StartAsync(Uri billing, TimeProvider? time = null, params (string, string)[] settings) => GatewayHost.StartAsync(
        _upstream.Address,
        builder => builder.Services.AddSingleton(time ?? TimeProvider.System),
        [("OpenAI:ApiKey", Keys.Operator), ("services:billing:http:0", billing.ToString()), ("Metering:Enabled", "false"),
            ("Metering:JournalDirectory", _journal.FullName), ("Access:ManagedKeys", ""), .. settings]);

    private static Task<int> UntilAsync(GatewayHost gateway, string? key, int status)
        => HangGuard.Until(() => StatusAsync(gateway, key), found => found == status, $"the answer is {status}");

    private static async Task<int> StatusAsync(GatewayHost gateway, string? key)
    {
        using var answer = await AskAsync(gateway, key);
        return (int)answer.StatusCode;
    }

    private static async Task<string> TextAsync(GatewayHost gateway, string key)
    {
        using var answer = await AskAsync(gateway, key);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> AskAsync(GatewayHost gateway, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return await gateway.Client.SendAsync(request).Guarded();
    }
}
