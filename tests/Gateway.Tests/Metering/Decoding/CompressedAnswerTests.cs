using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using OpenAIProxy.Contracts;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Tests.Decoding;

namespace OpenAIProxy.Gateway.Tests.Metering.Decoding;

/// <summary>What a compressed answer may cost to look at, whatever it holds. The client gets it as it is.</summary>
[Collection(nameof(Alone))]
public sealed class CompressedAnswerTests
{
    private const string Good = """{"model":"gpt-4o-mini","choices":[{"message":{"content":"hi"}}],"usage":{"prompt_tokens":20,"completion_tokens":5}}""";
    private const string Body = """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"forty characters, about ten tokens long."}]}""";

    private const int Megabyte = 1024 * 1024;

    /// <summary>Far more than it takes, far less than it took: a guard, no measurement.</summary>
    private static readonly TimeSpan MostProcessorTime = TimeSpan.FromSeconds(8);

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("raw")]
    [InlineData("zstd")]
    public async Task Junk_BehindTheEndOfTheStream_IsNotLookedAt(string coding)
    {
        // Not ended by its JSON, so that metering goes on to look: a list of stored completions would do.
        var open = Encoding.UTF8.GetBytes(Good[..^1]);
        byte[] answer = [.. Coding.Encode(coding, open), .. RandomNumberGenerator.GetBytes(30 * Megabyte)];

        var (record, used) = await AnswerAsync(coding, answer);

        Assert.Equal((20, 5), (record.Lines[0].Counts.Input, record.Lines[0].Counts.Output));
        Assert.InRange(used, TimeSpan.Zero, MostProcessorTime);
    }

    [Theory]
    [InlineData("br", 1024)]
    [InlineData("gzip", 256)]
    [InlineData("deflate", 256)]
    [InlineData("raw", 256)]
    [InlineData("zstd", 1024)]
    public async Task Bomb_IsPassedUnlookedAndEstimated(string coding, int megabytes)
    {
        var answer = Bomb(coding, megabytes);

        var (record, used) = await AnswerAsync(coding, answer);

        var line = Assert.Single(record.Lines);
        Assert.Equal((UsageUnit.Tokens, true, 200, false, false), (line.Unit, line.Estimated, record.Status, record.IsError, record.IsCut));
        Assert.InRange(line.Counts.Input, 1, 100);
        Assert.InRange(used, TimeSpan.Zero, MostProcessorTime);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public async Task Stream_ThatRepeatsItself_IsNoBomb(string coding)
    {
        var stream = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
        {
            stream.Append("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"")
                .Append((char)('a' + (i * 7 % 26))).Append((char)('a' + (i * i % 25))).Append("\"}}],\"usage\":null}\n\n");
        }

        stream.Append("data: {\"model\":\"gpt-4o-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":5}}\n\ndata: [DONE]\n\n");

        var (record, _) = await AnswerAsync(coding, Coding.Encode(coding, Encoding.UTF8.GetBytes(stream.ToString())), "text/event-stream");

        var line = Assert.Single(record.Lines);
        Assert.Equal((20, 5, false), (line.Counts.Input, line.Counts.Output, line.Estimated));
    }

    [Fact]
    public async Task Stream_DamagedInItsMiddle_IsEstimatedFromWhatCameBefore()
    {
        var bytes = Coding.Encode("gzip", Encoding.UTF8.GetBytes(Words("gpt-4o-mini")));
        bytes.AsSpan(bytes.Length / 2).Fill(0xFF);

        var (record, _) = await AnswerAsync("gzip", bytes, "text/event-stream");

        var line = Assert.Single(record.Lines);
        Assert.Equal((UsageUnit.Tokens, true, "gpt-4o-mini"), (line.Unit, line.Estimated, line.Model));
        Assert.InRange(line.Counts.Output, 1000, 5000);
    }

    // What is passed unlooked at the end hides no thoughts: it came all at once, and then they are more than what was said.
    [Fact]
    public async Task Stream_PassedUnlooked_HasThoughtAsLongAsAnyOther()
    {
        var (record, _) = await AnswerAsync("gzip", WordsAndABomb("gpt-5"), "text/event-stream");
        var (plain, _) = await AnswerAsync("gzip", WordsAndABomb("gpt-4"), "text/event-stream");

        Assert.False(record.IsCut);
        Assert.InRange(record.Lines[0].Counts.Output, 3 * plain.Lines[0].Counts.Output, 100_000);
        Assert.InRange(plain.Lines[0].Counts.Output, 1000, 10_000);
    }

    private static string Words(string model)
        => string.Concat(Enumerable.Range(0, 2000).Select(i => $"data: {{\"model\":\"{model}\",\"choices\":[{{\"delta\":{{\"content\":\"word {i * 7919}\"}}}}]}}\n\n"));

    private static byte[] WordsAndABomb(string model) => Bomb("gzip", 64, Words(model) + ": ");

    private static async Task<(UsageRecord Record, TimeSpan ProcessorTime)> AnswerAsync(
        string coding, byte[] answer, string contentType = "application/json")
    {
        await using var rig = await MeteredRig.StartAsync();
        await using var client = await rig.Gateway.ConnectAsync();
        await client.SendAsync(MeteredRig.Post(MeteredRig.Chat, Body));
        await using var connection = await rig.Upstream.AcceptAsync();
        await connection.ReadMessageAsync();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        await connection.SendAsync(
            $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\nContent-Encoding: {Coding.Name(coding)}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
        var sending = connection.SendAsync(Chunks(answer));
        var got = await client.ReadMessageAsync();
        await sending;
        Assert.True(got.Body.AsSpan().SequenceEqual(answer), "The client got something else than the upstream sent.");
        var record = await rig.RecordAsync();
        process.Refresh();
        return (record, process.TotalProcessorTime - before);
    }

    // Small ones: the gateway sees about one at a time.
    private static byte[] Chunks(byte[] bytes)
    {
        const int size = 4096;
        using var chunks = new MemoryStream();
        foreach (var chunk in bytes.Chunk(size))
        {
            chunks.Write(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
            chunks.Write(chunk);
            chunks.Write("\r\n"u8);
        }

        chunks.Write("0\r\n\r\n"u8);
        return chunks.ToArray();
    }

    // A text that goes on and on, so that JSON has no reason to end.
    private static byte[] Bomb(
        string coding, int megabytes, string begin = """{"model":"gpt-4o-mini","choices":[{"message":{"content":"h"}}],"x":" """)
    {
        using var to = new MemoryStream();
        using (var encoder = Coding.Encoder(coding, to))
        {
            encoder.Write(Encoding.UTF8.GetBytes(begin));
            var blanks = new byte[Megabyte];
            blanks.AsSpan().Fill((byte)' ');
            for (var i = 0; i < megabytes; i++)
            {
                encoder.Write(blanks);
            }
        }

        return to.ToArray();
    }
}
