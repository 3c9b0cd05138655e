using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>A gateway that is told to stop by real signals, while an answer is in progress that never ends.</summary>
[Collection(nameof(MeteredApp))]
public sealed class StopTests
{
    [Fact]
    public async Task Gateway_ToldToStopASecondTime_CutsTheAnswerAsBrokenAndRecordsItAsCut()
    {
        await using var app = await MeteredApp.StartAsync(logLevel: "Information");
        using var client = new HttpClient { BaseAddress = app.Gateway.Address, Timeout = HangGuard.Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"sim-stopped","stream":true,"messages":[]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", app.Keys[0]);
        request.Headers.Add("x-sim-fault", "hang");
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        Assert.NotEqual(0, await stream.ReadAsync(new byte[64 * 1024]).Guarded());

        app.Gateway.TellToStop();
        await app.Gateway.SaysAsync("Forwarding:DrainTimeout");
        await HangGuard.Until(() => IsRefusedAsync(app.Gateway.Address), refused => refused, "new connections are refused");
        app.Gateway.TellToStop();

        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null).Guarded());
        await app.Gateway.EndedAsync();
        await app.Gateway.StartAsync();
        var rows = await app.Ledger.UntilAsync(r => r.Any(row => row.Model == "sim-stopped"), "the answer that was cut is in the ledger");
        Assert.Equal((1, 1), rows.Where(row => row.Model == "sim-stopped").Select(row => (row.Requests, row.Cut)).Single());
    }

    private static async Task<bool> IsRefusedAsync(Uri address)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address.Host, address.Port);
            return false;
        }
        catch (SocketException e)
        {
            // Reset, where the listener was closed before it took the connection.
            return e.SocketErrorCode is SocketError.ConnectionRefused;
        }
    }
}
