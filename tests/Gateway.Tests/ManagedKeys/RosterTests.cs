using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.Gateway.Tests.Configuration;

namespace OpenAIProxy.Gateway.Tests.ManagedKeys;

/// <summary>A gateway tells the billing service what its settings say of access keys and budgets, and no secret.</summary>
// A running gateway reads the process's environment again, which others set for a moment while they build theirs.
[Collection(nameof(Alone))]
public sealed class RosterTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<(string Method, string Mark, byte[] Body)> _told = [];
    private readonly ConcurrentDictionary<string, bool> _kept = [];
    private readonly SettingsFolder _folder = new();
    private AppUpstream _billing = null!;
    private volatile int _status;

    public async ValueTask InitializeAsync() => _billing = await AppUpstream.StartAsync(AnswerAsync);

    public async ValueTask DisposeAsync()
    {
        await _billing.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Start_TellsKeysAndBudgetsWithoutSecrets()
    {
        await using var gateway = await StartAsync(
            TimeProvider.System,
            ("Access:Keys:0:Key", Keys.Access), ("Access:Keys:0:Name", "ann"), ("Access:Keys:0:Owner", "ann@example.com"), ("Access:Keys:0:Team", "research"),
            ("Access:Keys:0:Budgets", "5/day;100/month shadow"), ("Access:Keys:0:AlertAt", "90"), ("Access:Keys:0:Limits:Requests", "60/minute"),
            ("Budgets:Keys", "0.25/day"), ("Budgets:Teams:research", "300/month"), ("Budgets:Total", "1000/total shadow"),
            ("Budgets:TimeZone", "Asia/Shanghai"), ("Budgets:AlertAt", "none"), ("Limits:Keys:Tokens", "90k/minute"));

        var body = await BodyAsync(1);

        var roster = JsonSerializer.Deserialize(body, ContractsJson.Default.KeyRoster)!;
        Assert.Equal(
            new RosterKey(KeyId.Of(Keys.Access).Value, "ann", "ann@example.com", "research", "5/day;100/month shadow", "90", new KeyLimits("60/minute")),
            Assert.Single(roster.Keys));
        Assert.Equal(
            ("0.25/day", "1000/total shadow", "Asia/Shanghai", "none", "90k/minute"),
            (roster.Common.Budgets, roster.Common.Total, roster.Common.TimeZone, roster.Common.AlertAt, roster.Common.Limits!.Tokens));
        Assert.Equal([new("research", "300/month")], roster.Common.Teams);
        var text = Encoding.UTF8.GetString(body);
        Assert.All(
            (string[])[Keys.Access, Keys.Operator, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Keys.Access)))],
            secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Roster_ThatIsKept_IsToldByItsMarkAlone_EachMinute()
    {
        var time = new FakeTimeProvider();
        await using var gateway = await StartAsync(time, ("Access:Keys", Keys.Access));
        var body = await BodyAsync(1);

        await HangGuard.Until(
            () =>
            {
                time.Advance(KeyRoster.Interval);
                return _told.Count(told => told.Method == "GET") >= 3;
            },
            "it is told again");

        Assert.Equal(1, _told.Count(told => told.Method == "PUT"));
        Assert.All(_told.Where(told => told.Method == "GET"), told => Assert.Equal($"\"{KeyRoster.MarkOf(body)}\"", told.Mark));
    }

    [Fact]
    public async Task Keys_ThatChange_AreTold_AlsoIfTheyWereKnownBefore()
    {
        _folder.Write(Keyed(Keys.Access));
        await using var gateway = await StartAsync(new HastyTimers(), ("contentRoot", _folder.Path));
        var first = await BodyAsync(1);

        _folder.Replace(Keyed(Keys.SecondAccess));
        var second = await BodyAsync(2);
        _folder.Replace(Keyed(Keys.Access));
        var third = await BodyAsync(3);

        Assert.Contains(KeyId.Of(Keys.SecondAccess).Value, Encoding.UTF8.GetString(second), StringComparison.Ordinal);
        Assert.Equal(first, third);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(401)]
    public async Task BillingServiceThatIsAway_IsToldWhenItIsBack(int status)
    {
        _status = status;
        var time = new FakeTimeProvider();
        await using var gateway = await StartAsync(time, ("Access:Keys", Keys.Access));
        await BodyAsync(1);

        await HangGuard.Until(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return _told.Count(told => told.Method == "PUT") >= 2;
            },
            "it is tried again");
        _status = 0;

        await HangGuard.Until(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return !_kept.IsEmpty;
            },
            "it is kept");
        Assert.Empty(gateway.Logs.Find("does not take what the settings say"));
    }

    [Fact]
    public async Task BillingService_ThatForgot_IsToldAgain_AndOneThatKnowsNoRosters_IsLoggedOnce()
    {
        var time = new FakeTimeProvider();
        await using var gateway = await StartAsync(time, ("Access:Keys", Keys.Access));
        await BodyAsync(1);

        _status = 404;
        await UntilPutsAsync(3);
        Assert.Single(gateway.Logs.Find("does not take what the settings say"));
        _status = 0;
        _kept.Clear();
        await UntilPutsAsync(4);

        Task UntilPutsAsync(int count) => HangGuard.Until(
            () =>
            {
                time.Advance(KeyRoster.Interval);
                return _told.Count(told => told.Method == "PUT") >= count;
            },
            "it is told again");
    }

    private Task<GatewayHost> StartAsync(TimeProvider time, params (string, string)[] settings) => GatewayHost.StartAsync(
        new Uri("http://127.0.0.1:9"), builder => builder.Services.AddSingleton(time),
        [("OpenAI:ApiKey", Keys.Operator), ("services:billing:http:0", _billing.Address.ToString()), .. settings]);

    private async Task<byte[]> BodyAsync(int number)
    {
        await HangGuard.Until(() => _told.Count(told => told.Method == "PUT") >= number, "the keys are told");
        return _told.Where(told => told.Method == "PUT").ElementAt(number - 1).Body;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Path != KeyRoster.Path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        Assert.Equal(GatewayHost.InternalToken, request.Headers[InternalHeaders.Token].ToString());
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var mark = request.Headers.IfNoneMatch.ToString();
        context.Response.StatusCode = _status != 0 ? _status : request.Method == "GET" && _kept.ContainsKey(mark) ? 304 : 204;
        if (_status == 0 && request.Method == "PUT")
        {
            _kept[$"\"{KeyRoster.MarkOf(body.ToArray())}\""] = true;
        }

        _told.Enqueue((request.Method, mark, body.ToArray()));
    }

    private static string Keyed(string key) => $$"""{ "Access": { "Keys": [ "{{key}}" ] } }""";
}
