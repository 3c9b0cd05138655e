using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Access;

/// <summary>The operator's key opens the API to others, not the operator's account.</summary>
public sealed class ClosedPathTests() : RigTest(("Access:Keys", Keys.Access), ("Access:AllowAnonymous", "true"))
{
    [Theory]
    [InlineData("GET /v1/organization/costs?start_time=1")]
    [InlineData("GET /v1/organization")]
    [InlineData("POST /v1/organization/admin_api_keys")]
    [InlineData("DELETE /v1/organization/users/user-1")]
    [InlineData("GET /organization/usage/completions")]
    [InlineData("GET /V1/Organization/Costs")]
    [InlineData("GET /v1/%6Frganization/costs")]
    [InlineData("GET /v1/organization/")]
    [InlineData("GET /openai/v1/organization/costs")]
    [InlineData("GET /api/v1/organization/costs")]
    [InlineData("GET /v1/v1/organization/costs")]
    [InlineData("GET /v2/organization/costs")]
    [InlineData("GET http://localhost/v1/organization/costs")]
    [InlineData("HEAD /v1/organization/costs")]
    [InlineData("PUT /v1/projects/proj_1/users")]
    [InlineData("GET /v1/projects/proj_1/locations/l/customJobs")]
    [InlineData("GET /v1/organizations")]
    [InlineData("GET /v1/usage")]
    [InlineData("GET /v1/usage?date=2026-11-01")]
    [InlineData("GET /v1/Usage/")]
    [InlineData("GET /v1/%75sage")]
    [InlineData("POST /v1/usage")]
    [InlineData("GET /v1/usage/x")]
    [InlineData("GET /v1/me")]
    [InlineData("GET /dashboard/onboarding/login")]
    [InlineData("GET /dashboard")]
    [InlineData("GET /v1/dashboard/rate_limits")]
    [InlineData("POST /v1/login")]
    [InlineData("GET /v1/credits")]
    [InlineData("GET /api/v1/key")]
    [InlineData("GET /v1/api-key")]
    [InlineData("GET /v1/api-keys")]
    [InlineData("GET /api/v1/credentials/c_1")]
    [InlineData("GET /config/yaml")]
    [InlineData("GET /user/balance")]
    [InlineData("GET /v1/users/me/balance")]
    [InlineData("GET /v1/fine_tuning/checkpoints/ft:gpt-4o:x/permissions")]
    [InlineData("POST /v1/fine_tuning/checkpoints/ft:gpt-4o:x/permissions")]
    [InlineData("DELETE /v1/fine_tuning/checkpoints/ft:gpt-4o:x/permissions/cp_1")]
    [InlineData("POST /v1/realtime?model=gpt-realtime")]
    [InlineData("POST /v1alpha/auth_tokens")]
    [InlineData("POST /v1/realtime/client_secrets")]
    [InlineData("POST /openai/v1/realtime/client_secrets")]
    [InlineData("POST /v1/realtime/translations/client_secrets")]
    [InlineData("POST /v1/realtime/sessions")]
    [InlineData("POST /v1/realtime/transcription_sessions")]
    [InlineData("POST /v1/realtime/calls")]
    [InlineData("POST /v1/realtime/calls/rtc_1/accept")]
    [InlineData("POST /v1/live/sessions")]
    [InlineData("POST /v1/chatkit/sessions")]
    public async Task AccountPath_WithTheOperatorsKey_Gets403(string methodAndTarget)
    {
        foreach (var line in new[] { $"Authorization: Bearer {Keys.Access}", $"api-key: {Keys.Access}", "X-None: 1" })
        {
            await AssertClosedAsync(Rig, Rig.Request(methodAndTarget, line, "Content-Length: 0"), methodAndTarget);
        }
    }

    [Theory]
    [InlineData("GET /v1/organization/costs")]
    [InlineData("GET /v1/usage")]
    [InlineData("POST /v1/realtime/client_secrets")]
    public async Task AccountPath_WithoutAKeyOnThisMachine_Gets403(string methodAndTarget)
    {
        await using var rig = await Rig.StartAsync();

        await AssertClosedAsync(rig, Rig.Request(methodAndTarget, "Content-Length: 0"), methodAndTarget);
    }

    [Theory]
    [InlineData("GET /v1/organization/costs?start_time=1")]
    [InlineData("GET /v1/usage?date=2026-11-01")]
    [InlineData("GET /v1/me")]
    [InlineData("POST /v1/realtime/client_secrets")]
    public async Task AccountPath_WithAKeyOfOnesOwn_Passes(string methodAndTarget)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request(methodAndTarget, $"Authorization: Bearer {Keys.Caller}", "Content-Length: 0"));

        Assert.StartsWith(methodAndTarget, request.Head.StartLine, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /v1/models/usage")]
    [InlineData("GET /v1/files/organization")]
    [InlineData("GET /v1/models/me/x")]
    [InlineData("GET /v1/live/sessions/live_1/content")]
    [InlineData("POST /v1/realtime/calls/rtc_1/hangup")]
    [InlineData("POST /v1/fine_tuning/jobs")]
    [InlineData("GET /v1/fine_tuning/jobs/ftjob-1/checkpoints")]
    [InlineData("POST /v1/projects/p/locations/l/endpoints/openapi/chat/completions")]
    [InlineData("GET /v1/chatkit/sessions/x")]
    public async Task OtherPath_WithTheOperatorsKey_Passes(string methodAndTarget)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request(methodAndTarget, $"Authorization: Bearer {Keys.Access}", "Content-Length: 0"));

        Assert.StartsWith(methodAndTarget, request.Head.StartLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccountPath_OpenedByName_PassesAndItsNeighboursDoNot()
    {
        await using var rig = await Rig.StartAsync(
            ("Access:Keys", Keys.Access), ("Access:AccountPaths", "/v1/organization/costs, /realtime/client_secrets /v1/live/sessions/{id}/accept"));
        foreach (var opened in new[]
        {
            "GET /v1/organization/costs?start_time=1", "GET /v1/Organization/costs/x", "POST /v1/realtime/client_secrets", "POST /v1/live/sessions/l_1/accept",
        })
        {
            var (request, _) = await rig.ExchangeAsync(Rig.Request(opened, $"Authorization: Bearer {Keys.Access}", "Content-Length: 0"));
            Assert.Equal($"Bearer {Keys.Operator}", request.Head["Authorization"]);
        }

        foreach (var closed in new[] { "GET /v1/organization", "GET /v1/organization/costsx", "POST /v1/realtime/sessions", "POST /v1/live/sessions" })
        {
            await AssertClosedAsync(rig, Rig.Request(closed, $"Authorization: Bearer {Keys.Access}", "Content-Length: 0"), closed);
        }
    }

    [Theory]
    [InlineData("organization")]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/realtime/nothing")]
    [InlineData("/v1//organization")]
    [InlineData("*")]
    public void AccountPaths_ThatNameNone_StopTheStart(string path)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("Access:AccountPaths", path)));

        Assert.Contains("Access:AccountPaths", error.Message, StringComparison.Ordinal);
    }

    private static async Task AssertClosedAsync(Rig rig, string request, string what)
    {
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(request);
        var isHead = what.StartsWith("HEAD", StringComparison.Ordinal);
        var answer = await client.ReadMessageAsync(noBody: isHead);

        Assert.Equal((403, what), (answer.Head.Status, what));
        Assert.False(rig.Upstream.HasCaller, what);
        if (!isHead)
        {
            Assert.Equal("account_path_not_allowed", ErrorObject.Parse(answer.Text).Code);
        }
    }
}
