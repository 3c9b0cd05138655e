using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Gateway.Limits;

namespace OpenAIProxy.Gateway.Tests.Limits;

/// <summary>Limits as callers meet them, counted in one gateway's memory.</summary>
public sealed class LimitTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-11-30T12:00:00Z", null));

    [Fact]
    public async Task Requests_BeyondTheLimit_Get429AndAreNotForwarded()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: false, ("Requests", "2/minute"));
        Assert.Equal("200 200", await rig.StatusesAsync(2));

        using var refused = await rig.ChatAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        var error = await ErrorObject.ReadAsync(refused);
        Assert.Equal(("rate_limit_exceeded", "rate_limit_exceeded"), (error.Type, error.Code));
        Assert.Equal(
            "Rate limit reached for this access key on requests per 1m0s: Limit 2, Used 2, Requested 1. Please try again in 1m3s.", error.Message);
        Assert.Equal(("63", "63000"), (Header(refused, "retry-after"), Header(refused, "retry-after-ms")));
        Assert.Equal(("2", "0", "1m3s"), Requests(refused));
        Assert.Equal(2, rig.Calls);
        Assert.Equal("200", await rig.StatusesAsync(1, Keys.SecondAccess));

        _time.Advance(TimeSpan.FromMilliseconds(62_999));
        Assert.Equal("429", await rig.StatusesAsync(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("200 200 429", await rig.StatusesAsync(3));
    }

    [Fact]
    public async Task Several_AllHold()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: false, ("Requests", "2/minute;3/hour"));
        Assert.Equal("200 200 429", await rig.StatusesAsync(3));
        _time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("200 429", await rig.StatusesAsync(2));
    }

    [Fact]
    public async Task Key_SeesItsOwnFigures_AndNeverTheAccounts()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: true, ("Requests", "5/minute"), ("Tokens", "1000/minute"));

        using var limited = await rig.ChatAsync();
        using var unlimited = await rig.ChatAsync(Keys.SecondAccess);
        using var own = await rig.ChatAsync(Keys.Caller);

        Assert.Equal(("5", "4", "1m3s"), Requests(limited));
        Assert.Equal(("1000", "896"), (Header(limited, "x-ratelimit-limit-tokens"), Header(limited, "x-ratelimit-remaining-tokens")));
        Assert.Null(Header(limited, "openai-organization"));
        Assert.Null(Header(unlimited, "x-ratelimit-remaining-requests"));
        Assert.Null(Header(unlimited, "openai-organization"));
        Assert.Equal(("9999", "org-of-the-operator"), (Header(own, "x-ratelimit-remaining-requests"), Header(own, "openai-organization")));
    }

    [Fact]
    public async Task Tokens_AreReservedByWhatTheRequestSays_AndSettledByWhatItUsed()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: true, ("Tokens", "150/minute"));
        var release = new TaskCompletionSource();
        rig.Released = release.Task;
        var first = rig.ChatAsync();
        await HangGuard.Until(() => rig.Calls == 1, "the first call is in progress");

        // 4 for the text and 100 for the answer are reserved by it.
        using var second = await rig.ChatAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Contains("on tokens per 1m0s: Limit 150, Used 104, Requested 104.", (await ErrorObject.ReadAsync(second)).Message, StringComparison.Ordinal);

        release.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        // It has used 30.
        await HangGuard.Until(() => UsedAsync(rig, "tokens"), used => used == 30, "it is settled");
        Assert.Equal("200", await rig.StatusesAsync(1));
    }

    [Theory]
    [InlineData(true, 1_000)]
    [InlineData(false, 200)]
    public async Task CachedInput_CountsUnlessASettingSaysNo(bool counts, int expected)
    {
        await using var rig = await LimitRig.StartAsync(_time, isMetered: true,
            ("Access:Keys:0:Key", Keys.Access), ("Access:Keys:0:Limits:InputTokens", "5000/minute"), ("Limits:CachedInput", counts ? "true" : "false"));
        rig.Usage = (1_000, 800, 20);

        Assert.Equal("200", await rig.StatusesAsync(1));

        await HangGuard.Until(() => UsedAsync(rig, "input_tokens"), used => used == expected, "the input is counted");
    }

    [Fact]
    public async Task Tokens_BeyondTheLimitInOneRequest_AreNeverTriedAgain()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: true, ("OutputTokens", "50/minute"));

        using var refused = await rig.ChatAsync();

        Assert.Equal((HttpStatusCode.TooManyRequests, "false"), (refused.StatusCode, Header(refused, "x-should-retry")));
        Assert.Null(Header(refused, "retry-after"));
        Assert.Contains("Limit 50, Requested 100", (await ErrorObject.ReadAsync(refused)).Message, StringComparison.Ordinal);
        // Without max_tokens it is as much as there may be.
        Assert.Equal("200", await rig.StatusesAsync(1, body: """{"model":"gpt-4o-mini","messages":[]}"""));
    }

    [Theory]
    [InlineData("9223372036854775807", "1")]
    [InlineData("9223372036854775807", "2147483647")]
    [InlineData("1000", "2147483647")]
    public async Task Tokens_OfAbsurdNumbers_AreRefusedAsTooMany(string most, string choices)
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: true, ("Tokens", "5000/minute"));

        using var refused = await rig.ChatAsync(body: $$"""{"model":"gpt-4o-mini","max_tokens":{{most}},"n":{{choices}},"messages":[]}""");

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("Request too large", (await ErrorObject.ReadAsync(refused)).Message, StringComparison.Ordinal);
        Assert.Equal("200", await rig.StatusesAsync(1));
    }

    [Fact]
    public async Task Concurrency_IsFreeWhenTheCallIsOver()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: false, ("Concurrency", "2"));
        var release = new TaskCompletionSource();
        rig.Released = release.Task;
        Task<HttpResponseMessage>[] running = [rig.ChatAsync(), rig.ChatAsync()];
        await HangGuard.Until(() => rig.Calls == 2, "two are in progress");

        using var refused = await rig.ChatAsync();
        Assert.Equal("Too many calls of this access key are in progress: Limit 2. Please try again in 1s.", (await ErrorObject.ReadAsync(refused)).Message);
        Assert.Equal("1", Header(refused, "retry-after"));

        release.SetResult();
        await Task.WhenAll(running);
        await HangGuard.Until(() => UsedAsync(rig, "concurrency"), used => used == 0, "the places are free");
        Assert.Equal("200", await rig.StatusesAsync(1));
    }

    [Fact]
    public async Task Wait_WhenItIsSet_HoldsTheCallUntilItFits()
    {
        await using var rig = await LimitRig.StartAsync(_time, isMetered: false,
            ("Access:Keys:0:Key", Keys.Access), ("Limits:Keys:Requests", "1/second"), ("Limits:Wait", "2s"));
        Assert.Equal("200", await rig.StatusesAsync(1));

        var waiting = rig.ChatAsync();
        await HangGuard.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return waiting.IsCompleted;
            },
            "it has its turn");

        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
    }

    [Fact]
    public async Task Wait_ThatWouldBeTooLong_IsRefusedAtOnce()
    {
        await using var rig = await LimitRig.StartAsync(_time, isMetered: false,
            ("Access:Keys:0:Key", Keys.Access), ("Limits:Keys:Requests", "1/minute"), ("Limits:Wait", "60s"));

        Assert.Equal("200 429", await rig.StatusesAsync(2));
    }

    [Theory]
    [InlineData("GET", "/v1/models", 200)]
    [InlineData("GET", "/v1/responses/resp_1", 200)]
    [InlineData("DELETE", "/v1/files/file-1", 200)]
    [InlineData("POST", "/v1/files", 429)]
    [InlineData("POST", "/v1/embeddings", 429)]
    [InlineData("POST", "/v1/unheard/of", 429)]
    public async Task Reading_CountsForNothing(string method, string target, int status)
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: false, ("Requests", "1/minute"));
        Assert.Equal("200", await rig.StatusesAsync(1));

        using var answer = await rig.SendAsync(new HttpMethod(method), target, body: method == "POST" ? "{}" : null);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(("1", "0", "1m3s"), Requests(answer));
    }

    [Fact]
    public async Task Defaults_HoldForKeysWithoutALimitOfThatKind()
    {
        await using var rig = await LimitRig.StartAsync(_time, isMetered: false,
            ("Access:Keys:0:Key", Keys.Access), ("Access:Keys:0:Limits:Requests", "3/minute"), ("Access:Keys:1:Key", Keys.SecondAccess),
            ("Limits:Keys:Requests", "1/minute"));

        Assert.Equal("200 200 200 429", await rig.StatusesAsync(4));
        Assert.Equal("200 429", await rig.StatusesAsync(2, Keys.SecondAccess));
        Assert.Equal("200 200", await rig.StatusesAsync(2, Keys.Caller));
    }

    [Fact]
    public async Task Team_IsSharedByItsKeys_AndARefusalTakesNothingFromTheKey()
    {
        await using var rig = await LimitRig.StartAsync(_time, isMetered: false,
            ("Access:Keys:0:Key", Keys.Access), ("Access:Keys:0:Team", "研发"), ("Access:Keys:0:Limits:Requests", "10/minute"),
            ("Access:Keys:1:Key", Keys.SecondAccess), ("Access:Keys:1:Team", "研发"), ("Limits:Teams:研发:Requests", "3/minute"));
        Assert.Equal("200 200", await rig.StatusesAsync(2));
        Assert.Equal("200 429", await rig.StatusesAsync(2, Keys.SecondAccess));

        using var refused = await rig.ChatAsync();

        Assert.Contains("for the team of this access key", (await ErrorObject.ReadAsync(refused)).Message, StringComparison.Ordinal);
        Assert.Equal("8", Header(refused, "x-ratelimit-remaining-requests"));
    }

    [Fact]
    public async Task Addresses_AreLimitedWhateverKeyComes()
    {
        await using var rig = await LimitRig.StartAsync(_time, isMetered: false, ("Access:Keys:0:Key", Keys.Access), ("Limits:Addresses:Requests", "2/minute"));

        Assert.Equal("200", await rig.StatusesAsync(1));
        Assert.Equal("200 429", await rig.StatusesAsync(2, Keys.Caller));
        Assert.Equal("429", await rig.StatusesAsync(1));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 429)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", 200)]
    [InlineData("203.0.113.1", "203.0.113.2", 200)]
    [InlineData("203.0.113.1", "::ffff:203.0.113.1", 429)]
    public async Task Addresses_OfIPv6_AreCountedByTheirNetwork(string first, string second, int status)
    {
        await using var rig = await LimitRig.StartAsync(_time, isMetered: false,
            ("Access:Keys:0:Key", Keys.Access), ("Limits:Addresses:Requests", "1/minute"), ("Access:TrustedProxies", "127.0.0.0/8 ::1"));

        Assert.Equal(200, await FromAsync(rig, first));
        Assert.Equal(status, await FromAsync(rig, second));
    }

    [Fact]
    public async Task Total_IsSharedByAll()
    {
        await using var rig = await LimitRig.StartAsync(_time, isMetered: false, ("Access:Keys:0:Key", Keys.Access), ("Limits:Total:Requests", "2/minute"));

        Assert.Equal("200", await rig.StatusesAsync(1));
        Assert.Equal("200 429", await rig.StatusesAsync(2, Keys.Caller));
    }

    [Fact]
    public async Task Shadow_IsCountedAndNeverRefuses()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: false, ("Requests", "1/minute shadow"));
        using var listener = new MeterListener();
        var seen = new List<string>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == LimitTelemetry.RejectionsName && instrument.Meter.Scope == rig.Gateway.Services.GetService<IMeterFactory>())
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => seen.Add($"{value} {string.Join(' ', tags.ToArray().Select(t => t.Value))}"));
        listener.Start();

        Assert.Equal("200 200", await rig.StatusesAsync(2));

        Assert.Equal(["1 requests key shadow"], seen);
        using var answer = await rig.ChatAsync();
        Assert.Null(Header(answer, "x-ratelimit-limit-requests"));
    }

    [Fact]
    public async Task Query_ShowsAKeyItsLimitsAndWhatIsLeft()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: true, ("Requests", "5/minute"), ("Tokens", "1000/day"), ("Concurrency", "3"));
        Assert.Equal("200", await rig.StatusesAsync(1));
        await HangGuard.Until(() => UsedAsync(rig, "tokens"), used => used == 30, "it is settled");

        using var answer = await rig.SendAsync(HttpMethod.Get, "/limits");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal(
            ["requests key 5 4", "tokens key 1000 970", "concurrency key 3 3"],
            json.RootElement.GetProperty("limits").EnumerateArray().Select(
                l => $"{l.GetProperty("limit")} {l.GetProperty("scope")} {l.GetProperty("amount")} {l.GetProperty("remaining")}"));
        Assert.Equal(1, rig.Calls);
    }

    [Fact]
    public async Task Refused_InChinese_TellsTheTimeAsProgramsReadIt()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: false, ("Requests", "1/second"));
        Assert.Equal("200", await rig.StatusesAsync(1));
        rig.Gateway.Client.DefaultRequestHeaders.Add("Accept-Language", "zh-CN");

        using var refused = await rig.ChatAsync();

        var message = (await ErrorObject.ReadAsync(refused)).Message;
        Assert.StartsWith("这个访问密钥达到了每 1s 的请求限额", message, StringComparison.Ordinal);
        Assert.EndsWith("Please try again in 1.1s.", message, StringComparison.Ordinal);
        Assert.Equal(("2", "1050"), (Header(refused, "retry-after"), Header(refused, "retry-after-ms")));
    }

    [Fact]
    public async Task ClientThatLeaves_FreesItsPlace()
    {
        await using var rig = await LimitRig.OfKeyAsync(_time, isMetered: true, ("Concurrency", "1"));
        rig.Released = new TaskCompletionSource().Task;
        using var gone = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(LimitRig.Chat) };
        request.Headers.Authorization = new("Bearer", Keys.Access);
        var call = rig.Gateway.Client.SendAsync(request, gone.Token);
        await HangGuard.Until(() => rig.Calls == 1, "it is in progress");

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        rig.Released = Task.CompletedTask;

        await HangGuard.Until(() => rig.StatusesAsync(1), statuses => statuses == "200", "the place is free");
    }

    private static async Task<long> UsedAsync(LimitRig rig, string limit)
    {
        using var answer = await rig.SendAsync(HttpMethod.Get, "/limits");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.RootElement.GetProperty("limits").EnumerateArray().Single(l => l.GetProperty("limit").GetString() == limit).GetProperty("used").GetInt64();
    }

    private static async Task<int> FromAsync(LimitRig rig, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(LimitRig.Chat) };
        request.Headers.Authorization = new("Bearer", Keys.Access);
        request.Headers.Add("X-Forwarded-For", address);
        using var answer = await rig.Gateway.Client.SendAsync(request).Guarded();
        return (int)answer.StatusCode;
    }

    private static (string? Limit, string? Remaining, string? Reset) Requests(HttpResponseMessage answer)
        => (Header(answer, "x-ratelimit-limit-requests"), Header(answer, "x-ratelimit-remaining-requests"), Header(answer, "x-ratelimit-reset-requests"));

    private static string? Header(HttpResponseMessage answer, string name)
        => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
