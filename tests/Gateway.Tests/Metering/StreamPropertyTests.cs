using System.IO.Compression;
using System.Text;

namespace OpenAIProxy.Gateway.Tests.Metering;

/// <summary>
/// For random streams, cut at random: the client gets the upstream's bytes but for the one chunk that the gateway asked for, the upstream
/// gets the client's but for the wish, and there is one record.
/// </summary>
public sealed class StreamPropertyTests
{
    private const string Wish = ",\"stream_options\":{\"include_usage\":true}";

    [Fact]
    public async Task Stream_OfAnyShapeAndCut_ArrivesAsItIs()
    {
        await using var rig = await MeteredRig.StartAsync();
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var asks = random.Next(3) > 0;
            var compressed = !asks && random.Next(2) == 0;
            var (body, asked) = MakeBody(random, asks);
            var (stream, expected) = MakeStream(random, asks);
            var bytes = compressed ? Compress(stream) : stream;
            var padding = random.Next(4) == 0 ? new string(' ', 70_000) : "";

            await using var client = await rig.Gateway.ConnectAsync();
            await client.SendAsync(MeteredRig.Post(random.Next(2) == 0 ? "POST /v1/chat/completions" : "POST /v1/completions", padding + body));
            var received = client.ReadMessageAsync();
            await using var connection = await rig.Upstream.AcceptAsync();
            var request = await connection.ReadMessageAsync();
            await connection.SendAsync(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{(compressed ? "Content-Encoding: gzip\r\n" : "")}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
            for (var i = 0; i < bytes.Length;)
            {
                var length = Math.Min(bytes.Length - i, random.Next(3) switch { 0 => 1, 1 => random.Next(1, 40), _ => random.Next(1, 5000) });
                await connection.SendChunkAsync(bytes.AsMemory(i, length));
                i += length;
            }

            await connection.SendChunkAsync("");
            var answer = await received;

            Assert.True(padding + asked == request.Text, $"Seed {seed}: the upstream got {request.Text}");
            Assert.True((compressed ? bytes : expected).AsSpan().SequenceEqual(answer.Body), $"Seed {seed}: sent\n{Encoding.UTF8.GetString(stream)}\ngot\n{answer.Text}");
            Assert.Equal(RawEnd.Complete, answer.End);
            await rig.Journal.WaitAsync(seed);
        }
    }

    private static (string Body, string Asked) MakeBody(Random random, bool asks)
    {
        var members = new List<string> { "\"stream\": true", "\"model\":\"gpt-4o\"", $"\"messages\":[{{\"content\":\"{{\\\"stream\\\":true}} {random.Next()}\"}}]" };
        if (!asks)
        {
            members.Add($"\"stream_options\":{{\"include_usage\":{(random.Next(2) == 0 ? "true" : "false")}}}");
        }

        var body = "{" + string.Join(random.Next(2) == 0 ? "," : " ,\r\n", members.OrderBy(_ => random.Next()).ToArray());
        return (body + "}", asks ? body + Wish + "}" : body + "}");
    }

    private static (byte[] Stream, byte[] Expected) MakeStream(Random random, bool asks)
    {
        var end = random.Next(3) switch { 0 => "\n", 1 => "\r\n", _ => "\r" };
        var stream = new StringBuilder();
        var expected = new StringBuilder();
        var count = random.Next(1, 40);
        var extraAt = random.Next(4) == 0 ? -1 : random.Next(count);
        for (var i = 0; i < count; i++)
        {
            if (i == extraAt)
            {
                var extra = $"data: {{\"id\":\"x\",\"choices\":[],\"usage\":{{\"prompt_tokens\":{random.Next(100)},\"completion_tokens\":1}}}}{end}{end}";
                stream.Append(extra);
                expected.Append(asks ? "" : extra);
                continue;
            }

            var text = random.Next(9) switch
            {
                0 => $": comment {i}{end}{end}",
                1 => $"event: odd{end}data: two{end}data: lines{end}{end}",
                2 => $"data: {{\"choices\":[],\"usage\":null}}{end}{end}",
                3 => $"data: {{\"choices\":[],\"moderation\":{{\"usage\":{{}}}}}}{end}{end}",
                4 => $"data: {{\"choices\":[{{\"delta\":{{\"content\":\"{new string('z', random.Next(3000))}\"}}}}]}}{end}{end}",
                5 => $"data: not json {i}{end}{end}",
                _ => $"data: {{\"id\":\"日😀\",\"choices\":[{{\"delta\":{{\"content\":\"[]{i}\\\"\"}}}}],\"usage\":null}}{end}{end}",
            };
            stream.Append(text);
            expected.Append(text);
        }

        var last = random.Next(3) switch { 0 => $"data: [DONE]{end}{end}", 1 => "data: [DONE]", _ => "data: {\"choices\":[" };
        return (Encoding.UTF8.GetBytes(stream.Append(last).ToString()), Encoding.UTF8.GetBytes(expected.Append(last).ToString()));
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        return to.ToArray();
    }
}
