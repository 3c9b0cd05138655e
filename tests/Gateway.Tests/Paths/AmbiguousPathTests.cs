namespace OpenAIProxy.Gateway.Tests.Paths;

/// <summary>With a key that is not their own, callers may use no path that guard, meter and upstream could read in different ways.</summary>
public sealed class AmbiguousPathTests() : RigTest(("Access:Keys", Keys.Access), ("Access:AllowAnonymous", "true"))
{
    /// <summary>Spellings that servers read in different ways, each of a path that matters.</summary>
    public static TheoryData<string> Ambiguous { get; } =
    [
        "//v1/dashboard/billing/usage", "/v1//dashboard/billing/usage", "/v1/dashboard%2Fbilling/usage", "/v1/x/..//dashboard/billing/usage",
        "/v1/dashboard/billing//usage", "/v1/dashboard/billing/usage//", "/v1/dashboard%2fbilling%2fusage", "/v1/./dashboard/billing/usage",
        "/v1/%2e%2e/v1/dashboard/billing/usage", "/v1/x/%2E./dashboard/billing/usage", "/v1/x/../dashboard/billing/usage",
        "/v1/dashboard;x=1/billing/usage", "/v1;/dashboard/billing/usage", "/v1/dashboard%3Bx/billing/usage", "/;/v1/dashboard/billing/usage",
        "/v1\\dashboard\\billing\\usage", "/v1%5Cdashboard%5Cbilling%5Cusage",
        "/v1/dashboard%252Fbilling/usage", "/v1/%2564ashboard/billing/usage", "/v1/dashboard%25252fbilling/usage", "/v1/100%25",
        "/v1/dashboard%u002fbilling/usage", "/v1/dashboard%c0%afbilling/usage", "/v1/dashboard%e0%80%afbilling/usage", "/v1/%zz", "/v1/x%2",
        "/v1/dashboard/billing/usage%3Fx", "/v1/dashboard/billing/usage%23x", "/v1/dashboard/billing/usage#x", "/v1/models#/../dashboard",
        "/v1/dashboard/billing/usage%0A", "/v1/dash%0D%0Aboard/billing/usage", "/v1/dashboard%09/billing/usage", "/v1/%7F", "/v1/%C2%85/x",
        "/v1/dashboard%20/billing/usage", "/v1/dashboard./billing/usage", "/v1/.../billing", "/v1/models/x.", "/v1/%20/models",
        "/v1/%EF%BD%84ashboard/billing/usage", "/v1/dashboard%EF%BC%8Fbilling/usage", "/v1/x/%E2%80%A5/dashboard", "/v1/a%E2%80%8Bb", "/v1/%FF",
        "/v1/files/a%2Fb", "/v1/files//../chat/completions", "/v1/chat/completions/..//../files", "/..", "/.", "//", "/v1//",
        "http://localhost//v1/dashboard/billing/usage",
    ];

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task Path_WithSeveralMeanings_IsRefusedForGuests(string target)
    {
        foreach (var line in new[] { $"Authorization: Bearer {Keys.Access}", $"api-key: {Keys.Access}", "X-None: 1" })
        {
            foreach (var method in new[] { "GET", "POST" })
            {
                var answer = await Rig.RefusedAsync(Rig.Request($"{method} {target}", "Content-Length: 0", line));

                Assert.Equal(400, answer.Head.Status);
                Assert.Equal("ambiguous_path", ErrorObject.Parse(answer.Text).Code);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task Path_WithSeveralMeanings_PassesAsItCameWithAKeyOfOnesOwn(string target)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request($"GET {target}", $"Authorization: Bearer {Keys.Caller}"));

        var passed = target.Replace("http://localhost", "", StringComparison.Ordinal);
        Assert.Equal(passed.StartsWith('/') ? passed : "/" + passed, request.Head.Target);
        Assert.Equal($"Bearer {Keys.Caller}", request.Head["Authorization"]);
    }

    [Theory]
    [InlineData("/v1/models/ft%3Agpt-4o%3Aour-team%3A%3Aabc")]
    [InlineData("/v1/files/my%20file.txt")]
    [InlineData("/v1/%63hat/completions")]
    [InlineData("/v1/models/%E4%B8%AD%E6%96%87")]
    [InlineData("/v1/models/caf%C3%A9")]
    [InlineData("/v1/models/gpt%2D4%2E1")]
    [InlineData("/v1/models/")]
    [InlineData("/v1/models/gpt-4.1?x=..//%2F;#")]
    [InlineData("/v1/models/a:b@c!d$e&f'(g)*h+i,j=k~l")]
    [InlineData("/v1/models/a..b")]
    [InlineData("/.well-known/x")]
    [InlineData("http://localhost/v1/models")]
    public async Task Path_WithOneMeaning_PassesForGuestsAsItCame(string target)
    {
        var (request, _) = await Rig.ExchangeAsync(Rig.Request($"GET {target}", $"Authorization: Bearer {Keys.Access}"));

        Assert.Equal(target.Replace("http://localhost", "", StringComparison.Ordinal), request.Head.Target);
    }

    [Theory]
    [InlineData("//v1/dashboard/billing/usage", 400)]
    [InlineData("/v1/%2564ashboard/billing/usage", 400)]
    [InlineData("/v1/x/..//dashboard/billing/usage", 400)]
    [InlineData("/v1//models", 200)]
    [InlineData("/v1/files/a%2Fb", 200)]
    public async Task Path_WithSeveralMeanings_IsRefusedOnThisMachineWhereAnAccountIsMeant(string target, int status)
    {
        await using var rig = await Rig.StartAsync();
        var request = Rig.Request($"GET {target}");

        var answer = status == 200 ? (await rig.ExchangeAsync(request)).Answer : await rig.RefusedAsync(request);

        Assert.Equal(status, answer.Head.Status);
    }

    [Theory]
    [InlineData("/openai//v1/models", 400)]
    [InlineData("/openai/../v1/models", 400)]
    [InlineData("/openai/v1/models", 200)]
    [InlineData("/openai", 200)]
    public async Task Path_UnderTheRoutePrefix_IsJudgedWithoutIt(string target, int status)
    {
        await using var rig = await Rig.StartAsync(("Access:Keys", Keys.Access), ("Forwarding:RoutePrefix", "/openai"));
        var request = Rig.Request($"POST {target}", $"Authorization: Bearer {Keys.Access}", "Content-Length: 0");

        var answer = status == 200 ? (await rig.ExchangeAsync(request)).Answer : await rig.RefusedAsync(request);

        Assert.Equal(status, answer.Head.Status);
    }
}
