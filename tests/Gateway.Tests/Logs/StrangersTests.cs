using Microsoft.Extensions.Logging;
using OpenAIProxy.Gateway.Tests.Metering;

namespace OpenAIProxy.Gateway.Tests.Logs;

/// <summary>What strangers do costs the log no line each, and no stack trace at all.</summary>
public sealed class StrangersTests
{
    private const int Times = 3;

    // The upstream, billing service and journal being away is said, once each.
    private const int MostLines = 3;

    private static readonly Uri Nobody = new("http://127.0.0.1:9");

    public static TheoryData<string> Requests =>
    [
        Head("POST /v1/chat/completions", "Content-Length: 1000") + "{\"model\":",
        Head("POST /v1/chat/completions", "Content-Length: 300000") + "{\"model\":",
        Head("POST /v1/chat/completions", "Transfer-Encoding: chunked") + "5\r\n{\"mod\r\n",
        Head("POST /v1/chat/completions", "Transfer-Encoding: chunked") + "5\r\n{\"mod\r\nnonsense\r\n",
        Head("POST /v1/chat/completions", "Content-Length: 1000", "Expect: 100-continue"),
        Head("POST /v1/files", "Content-Length: 1000") + "{\"model\":",
        Head("POST /v1/audio/transcriptions", "Content-Length: 1000", "Content-Type: multipart/form-data; boundary=b") + "--b\r\n",
        Head("POST /billing/usage", "Content-Length: 1000", "Authorization: Bearer sk-x") + "{\"model\":",
        Head("POST /usage/sign-in", "Content-Length: 1000", "Content-Type: application/x-www-form-urlencoded") + "key=",
        Head("GET /v1/models", "Content-Length: 1000"),
        Head("GET /v1/realtime?model=gpt-realtime", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="),
        "GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_HalfSentWhileTheUpstreamIsAway_IsNoLineEach(string request)
    {
        // What is waited for before the upstream is called has its time, too; what is not is answered before it is up.
        (string, string)[] settings = [("OpenAI:ApiKey", Keys.Operator), ("Forwarding:IdleTimeout", "300ms")];
        await using var metered = await MeteredRig.StartGatewayAsync(Nobody, new TestJournal(), settings);
        await using var plain = await GatewayHost.StartAsync(Nobody, settings);

        await AssertSilentAsync(metered, request, waits: true);
        await AssertSilentAsync(metered, request, waits: false);
        await AssertSilentAsync(plain, request, waits: true);
        await AssertSilentAsync(plain, request, waits: false);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_HalfSentUntilItsTimeIsUp_IsNoLineEach(string request)
    {
        await using var upstream = new RawUpstream();
        (string, string)[] settings = [("OpenAI:ApiKey", Keys.Operator), ("Forwarding:IdleTimeout", "100ms"), ("Forwarding:FirstByteTimeout", "100ms")];
        await using var metered = await MeteredRig.StartGatewayAsync(upstream.Address, new TestJournal(), settings);
        await using var plain = await GatewayHost.StartAsync(upstream.Address, settings);

        await AssertSilentAsync(metered, request, waits: true);
        await AssertSilentAsync(plain, request, waits: true);
    }

    private static async Task AssertSilentAsync(GatewayHost gateway, string request, bool waits)
    {
        var before = gateway.Logs.Entries.Count;
        await Task.WhenAll(Enumerable.Range(0, Times).Select(_ => HalfAsync(gateway, request, waits)));

        // What Kestrel has to say about a connection it says after its answer.
        await HangGuard.Until(() => gateway.Logs.Entries.Skip(before).Count(IsEnd) >= Times, "the end of all connections");
        var said = gateway.Logs.Entries.Skip(before).Where(e => e.Level >= LogLevel.Information && !IsPerRequest(e) && !e.TellsOfABusyMachine).ToArray();
        Assert.DoesNotContain(said, e => e.Text.Contains("   at ", StringComparison.Ordinal));
        Assert.InRange(said.Length, 0, MostLines);
    }

    private static async Task HalfAsync(GatewayHost gateway, string request, bool waits)
    {
        await using var client = await gateway.ConnectAsync();
        await client.SendAsync(request);
        if (waits)
        {
            await client.ReadMessageAsync();
        }
    }

    private static bool IsEnd(LogEntry entry)
        => entry.Category == "Microsoft.AspNetCore.Server.Kestrel.Connections" && entry.Text.Contains("\" stopped.", StringComparison.Ordinal);

    // ASP.NET Core's own lines per request are off by default; the Trace level of these tests turns them on.
    private static bool IsPerRequest(LogEntry entry)
        => entry.Level == LogLevel.Information && (entry.Category.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || entry.Category.StartsWith("System.Net.Http", StringComparison.Ordinal));

    private static string Head(string methodAndTarget, params string[] headers) => Rig.Request(methodAndTarget, headers);
}
