using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace OpenAIProxy.Gateway.Tests.Forwarding;

/// <summary>Whatever a stream is made of and however it is cut, the client gets the upstream's bytes.</summary>
public class StreamBytesTests : RigTest
{
    public StreamBytesTests()
    {
    }

    protected StreamBytesTests(bool isMetered, params (string, string)[] settings)
        : base(isMetered, settings)
    {
    }

    private const string Event = "data: {\"choices\":[{\"delta\":{\"content\":\"日本 😀\"}}]}";

    public static TheoryData<string> Streams =>
    [
        $"{Event}\n\n{Event}\n\ndata: [DONE]\n\n",
        $"{Event}\r\n\r\n{Event}\r\n\r\ndata: [DONE]\r\n\r\n",
        $"{Event}\r\r{Event}\r\rdata: [DONE]\r\r",
        $"{Event}\n\n{Event}",
        $"{Event}\n\ndata: [DONE]",
        $"{Event}\n\n",
        $": OPENROUTER PROCESSING\n\n{Event}\n\n: keep-alive\n\ndata: [DONE]\n\n",
        $"event: response.created\ndata: {{}}\n\nevent: no.such.event\nid: 7\nretry: 10\nfoo: bar\ndata: a\ndata: b\n\n",
        "data: {\"error\":{\"message\":\"x\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n",
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\ndata: [DONE]\n\n",
        "not an event stream at all",
        "\uFEFFdata: with a byte order mark\n\n",
        "\n\n\n",
    ];

    public static TheoryData<int> EmojiCuts => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Stream_InOneByteChunks_ArrivesEqual(string stream)
        => await SendAsync(Encoding.UTF8.GetBytes(stream).Select(b => new[] { b }));

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Stream_InOneChunk_ArrivesEqual(string stream) => await SendAsync([Encoding.UTF8.GetBytes(stream)]);

    [Theory]
    [MemberData(nameof(EmojiCuts))]
    public async Task Stream_CutInsideAnEmoji_ArrivesEqual(int cut)
    {
        var bytes = Encoding.UTF8.GetBytes("data: \"😀\"\n\n");
        var at = bytes.AsSpan().IndexOf("😀"u8) + cut;

        await SendAsync([bytes[..at], bytes[at..]]);
    }

    [Fact]
    public async Task Stream_WithOneLineOf20Megabytes_ArrivesEqual()
    {
        var line = new byte[20_000_000];
        line.AsSpan().Fill((byte)'x');
        "data: "u8.CopyTo(line);
        "\n\n"u8.CopyTo(line.AsSpan(line.Length - 2));

        await SendAsync(line.Chunk(60_000));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd, made up")]
    public async Task Body_Compressed_ArrivesEqualWithItsEncoding(string encoding)
    {
        var bytes = Compress(encoding, Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Event + "\n\n", 50))));

        var answer = await SendAsync(bytes.Chunk(7), $"Content-Type: text/event-stream\r\nContent-Encoding: {encoding}\r\nVary: Accept-Encoding");

        Assert.Equal(encoding, answer.Head["Content-Encoding"]);
    }

    [Fact]
    public async Task Body_BinaryWithLength_ArrivesEqual()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/audio/speech", "Content-Length: 2") + "{}");
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n");
        await connection.SendAsync(bytes);

        var answer = await client.ReadMessageAsync();

        Assert.Equal(bytes, answer.Body);
        Assert.Equal("300000", answer.Head["Content-Length"]);
        Assert.Null(answer.Head["Transfer-Encoding"]);
    }

    [Fact]
    public async Task Body_EndedByTheEndOfTheConnection_ArrivesWhole()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/files/file-1/content"), "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nto the end");

        Assert.Equal("to the end", answer.Text);
        Assert.Equal(RawEnd.Complete, answer.End);
    }

    [Fact]
    public async Task Body_WithLengthBesideChunks_FollowsTheChunks()
    {
        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("GET /v1/models"),
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

        Assert.Equal("hello", answer.Text);
        Assert.Equal(RawEnd.Complete, answer.End);
        Assert.Null(answer.Head["Content-Length"]);
    }

    [Fact]
    public async Task Body_OfTwoHundredWithAnErrorObject_Passes()
    {
        const string error = """{"error":{"message":"overloaded","type":"server_error","param":null,"code":null}}""";

        var (_, answer) = await Rig.ExchangeAsync(
            Rig.Request("POST /v1/chat/completions", "Content-Length: 2") + "{}",
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {error.Length}\r\nConnection: close\r\n\r\n{error}");

        Assert.Equal(200, answer.Head.Status);
        Assert.Equal(error, answer.Text);
    }

    [Fact]
    public async Task RequestBody_Multipart_ReachesUpstreamByteForByte()
    {
        const string body = "--- a;b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ä.mp3\"\r\n\r\n\0\u0001\u0002\r\n--- a;b--\r\n";
        var bytes = Encoding.UTF8.GetBytes(body);

        var (request, _) = await Rig.ExchangeAsync(
            Rig.Request("POST /v1/audio/transcriptions", "Content-Type: multipart/form-data; boundary=\" a;b\"", $"Content-Length: {bytes.Length}")
            + Encoding.Latin1.GetString(bytes));

        Assert.Equal(bytes, request.Body);
        Assert.Equal("multipart/form-data; boundary=\" a;b\"", request.Head["Content-Type"]);
    }

    [Fact]
    public async Task RequestBody_JsonInOddSpelling_ReachesUpstreamByteForByte()
    {
        const string body = "\r\n{ \"model\" :\t\"gpt-4o\",\"model\":\"twice\", \"n\":1.0e0,\"stream\" : false , \"x\":\"\\u00e4\\/\" }\n\n";

        var (request, _) = await Rig.ExchangeAsync(
            Rig.Request("POST /v1/chat/completions", "Content-Type: application/json", $"Content-Length: {body.Length}") + body);

        Assert.Equal(body, request.Text);
    }

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        using var to = new MemoryStream();
        using (Stream compressor = encoding == "gzip" ? new GZipStream(to, CompressionMode.Compress) : new BrotliStream(to, CompressionMode.Compress))
        {
            compressor.Write(bytes);
        }

        return to.ToArray();
    }

    private async Task<RawMessage> SendAsync(IEnumerable<byte[]> chunks, string headers = "Content-Type: text/event-stream")
    {
        await using var client = await Rig.Gateway.ConnectAsync();
        await client.SendAsync(Rig.Request("POST /v1/chat/completions", "Accept-Encoding: gzip, br", "Content-Length: 2") + "{}");
        var received = client.ReadMessageAsync();
        await using var connection = await Rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        await connection.SendAsync($"HTTP/1.1 200 OK\r\n{headers}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        using var sent = new MemoryStream();
        foreach (var chunk in chunks)
        {
            await connection.SendChunkAsync(chunk);
            sent.Write(chunk);
        }

        await connection.SendChunkAsync("");
        var answer = await received;
        Assert.Equal(RawEnd.Complete, answer.End);
        Assert.True(sent.ToArray().AsSpan().SequenceEqual(answer.Body), $"Sent {sent.Length} bytes, {answer.Body.Length} came, or others.");
        return answer;
    }
}
