using System.Text;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>
/// In how many writes a request leaves. A receive on loopback that is waiting takes what one write brings, so a request in two writes shows
/// sooner or later; one in one write always comes whole.
/// </summary>
public sealed class RequestPacketTests
{
    private const int Requests = 20;
    private const string KeptOpen = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    private const string Json = "Content-Type: application/json";
    private const string Chat = """{"model":"gpt-4o-mini","messages":[]}""";
    private const string ChatStream = """{"model":"gpt-4o-mini","stream":true,"messages":[]}""";

    [Theory]
    [InlineData(false, Chat)]
    [InlineData(true, Chat)]
    [InlineData(true, ChatStream)]
    public async Task Body_ThatHasCome_LeavesTogetherWithTheHead(bool isMetered, string body)
    {
        var request = Rig.Request("POST /v1/chat/completions", Json, $"Content-Length: {body.Length}") + body;

        await SendAsync(isMetered, request, received =>
        {
            Assert.EndsWith("}", received, StringComparison.Ordinal);
            Assert.Contains("\r\n\r\n{\"model\"", received, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task ChunkedBody_ThatHasCome_LeavesTogetherWithTheHead()
    {
        var request = Rig.Request("POST /v1/files", "Transfer-Encoding: chunked") + "2\r\n{}\r\n0\r\n\r\n";

        await SendAsync(
            isMetered: false,
            request,
            received => Assert.EndsWith("\r\n\r\n2\r\n{}\r\n0\r\n\r\n", received, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Body_ThatIsUnderWay_DoesNotHoldTheHeadBack()
    {
        await using var rig = await Rig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", "Content-Length: 4") + "{");
        await using var connection = await rig.Upstream.AcceptAsync();

        var head = await connection.ReadHeadAsync();
        var first = await connection.ReadExactlyAsync(1);
        await client.SendAsync("  }");
        var rest = await connection.ReadExactlyAsync(3);
        await connection.SendAsync(Rig.Ok);

        Assert.Equal("4", head["Content-Length"]);
        Assert.Equal("{  }", Encoding.Latin1.GetString([.. first, .. rest]));
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    [Theory]
    [InlineData("Content-Length: 4", "{", " ", " ", "}")]
    [InlineData("Transfer-Encoding: chunked", "1\r\n{\r\n", "1\r\n \r\n", "1\r\n}\r\n", "0\r\n\r\n")]
    public async Task Body_ThatTrickles_PassesAsItComes(string header, params string[] pieces)
    {
        await using var rig = await Rig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/files", header) + pieces[0]);
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadHeadAsync();

        Assert.Equal(pieces[0], Encoding.Latin1.GetString(await connection.ReadExactlyAsync(pieces[0].Length)));
        foreach (var piece in pieces[1..])
        {
            await client.SendAsync(piece);
            Assert.Equal(piece, Encoding.Latin1.GetString(await connection.ReadExactlyAsync(piece.Length)));
        }

        await connection.SendAsync(Rig.Ok);
        Assert.Equal(200, (await client.ReadMessageAsync()).Head.Status);
    }

    // What the first receive of each request brings to the upstream. All of them come over one connection.
    private static async Task SendAsync(bool isMetered, string request, Action<string> check)
    {
        await using var rig = new Rig([], isMetered);
        await rig.InitializeAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        var sent = client.SendAsync(request);
        await using var connection = await rig.Upstream.AcceptAsync();
        for (var i = 0; i < Requests; i++)
        {
            var received = connection.ReadSomeAsync();
            if (i > 0)
            {
                sent = client.SendAsync(request);
            }

            await sent;
            check(Encoding.Latin1.GetString(await received));
            await connection.SendAsync(KeptOpen);
            Assert.Equal("{}", (await client.ReadMessageAsync()).Text);
        }
    }
}
