using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenAIProxy.BillingService.Tests.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>Whatever a caller writes or breaks off: a log line stays one line, and there is none for each.</summary>
public sealed class LogLineTests : IAsyncLifetime
{
    private BillingRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await BillingRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("%0Ainfo:forged")]
    [InlineData("%0D%0A%20%20%20at%20forged")]
    [InlineData("%1B[2K%1B[1Aforged")]
    [InlineData("%C2%85forged")]
    [InlineData("%E2%80%A8forged")]
    [InlineData("%E2%80%AEforged")]
    public async Task Path_WithControlCharacters_IsShownEscaped(string text)
    {
        foreach (var path in (string[])["/billing/usage", "/usage/", "/nowhere/", "/v1/dashboard/billing/usage"])
        {
            await _rig.Billing.GetRawAsync(path + text, "Authorization: Bearer sk-x", "User-Agent: \u0085forged", "Accept-Language: \u009Bforged");
        }

        Assert.NotEmpty(_rig.Billing.Logs.Find("forged"));
        // What stands behind the message are its values one by one, and the exception.
        Assert.DoesNotContain(_rig.Billing.Logs.Entries,
            e => e.Text.Split(" | ")[0].Any(c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202E'));
    }

    [Theory]
    [InlineData("POST /usage/sign-in", "Content-Type: application/x-www-form-urlencoded")]
    [InlineData("POST /usage/sign-in", "Content-Type: multipart/form-data; boundary=b")]
    [InlineData("POST /usage/sign-out", "Content-Type: application/x-www-form-urlencoded")]
    [InlineData("POST /internal/usage", InternalHeaders.Token + ": " + BillingHost.InternalToken)]
    [InlineData("GET /billing/usage", "Authorization: Bearer sk-x")]
    public async Task Request_ThatBreaksOff_IsNoLineEach(string start, string header)
    {
        for (var i = 0; i < 3; i++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(_rig.Billing.Address.Host, _rig.Billing.Address.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"{start} HTTP/1.1\r\nHost: billing\r\n{header}\r\nContent-Length: 1000\r\n\r\n{{"));
            await HangGuard.Until(
                () => _rig.Billing.Logs.Entries.Count(e => e.Text.Contains("Executing endpoint", StringComparison.Ordinal)) > i + 1, "the request");
            socket.LingerState = new LingerOption(true, 0);
        }

        await HangGuard.Until(() => _rig.Billing.Logs.Entries.Count(e => e.Category == "Microsoft.AspNetCore.Server.Kestrel.Connections"
            && e.Text.Contains("\" stopped.", StringComparison.Ordinal)) >= 3, "the end of all connections");
        Assert.DoesNotContain(_rig.Billing.Logs.Entries, e => e.Level >= LogLevel.Warning && !e.TellsOfABusyMachine);
    }

    [Fact]
    public async Task Reader_WhoHangsUpInTheMiddleOfAReport_IsNoLine()
    {
        // More than the sockets between them hold.
        var name = new string('m', 100);
        await _rig.Billing.ReportAsync([.. Enumerable.Range(0, 10_000).Select(i => Used.Tokens("2026-03-15", 1, model: $"{name}{i}"))]);
        using var socket = new TcpClient { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(_rig.Billing.Address.Host, _rig.Billing.Address.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /billing/usage HTTP/1.1\r\nHost: billing\r\nAuthorization: Bearer {Keys.Secret}\r\n\r\n"));
        await socket.GetStream().ReadExactlyAsync(new byte[1024]).Guarded();

        var before = Ended();
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();

        // Later than the end of its request.
        await HangGuard.Until(() => Ended() > before, "the end of the connection");
        Assert.DoesNotContain(_rig.Billing.Logs.Entries, e => e.Level >= LogLevel.Warning && !e.TellsOfABusyMachine);

        int Ended() => _rig.Billing.Logs.Entries.Count(e => e.Category == "Microsoft.AspNetCore.Server.Kestrel.Connections"
            && e.Text.Contains("\" stopped.", StringComparison.Ordinal));
    }
}
