using System.Text;
using OpenAIProxy.Usage.IncludeUsage;

namespace OpenAIProxy.Usage.Tests.IncludeUsage;

/// <summary>The chunk that only the gateway asked for goes, whatever the stream is made of and however it is cut; nothing else does.</summary>
public sealed class UsageChunkFilterTests
{
    public const string Extra = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"d\":{\"x\":[1]}},\"o\":\"\\\"}\"}";

    private const string Word = "data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"delta\":{\"content\":\"日😀\"}}],\"usage\":null}";
    private const string Done = "data: [DONE]";

    public static TheoryData<string, string> Streams
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var end in new[] { "\n", "\r\n", "\r" })
            {
                string[][] streams =
                [
                    [Word, "", Extra, "", Done, "", ""],
                    [Word, "", Extra, "", Done],
                    [Word, "", Extra],
                    ["data: ,", "", Extra, "", Done, "", ""],
                    [": hi", "", Extra, "", ": bye", "", Done, "", ""],
                    [Extra, "", Word, "", Extra, "", ""],
                    [Word, "", Word, "", Extra, "", Word, "", Word, "", Extra, "", Done, "", ""],
                    ["data:{\"usage\":{},\"choices\": [ ] } ", "", Done, "", ""],
                    ["data:{\"usage\":{\"x\":{\"choices\":[{}]}},\"choices\":[]}", "", Done, "", ""],
                ];
                foreach (var stream in streams)
                {
                    var kept = new List<string>();
                    for (var i = 0; i < stream.Length; i++)
                    {
                        if (stream[i] == Extra || stream[i].StartsWith("data:{\"usage", StringComparison.Ordinal))
                        {
                            i += i + 1 < stream.Length && stream[i + 1].Length == 0 ? 1 : 0;
                            continue;
                        }

                        kept.Add(stream[i]);
                    }

                    var expected = string.Join(end, kept);
                    data.Add(string.Join(end, stream), stream[^1] == Extra ? expected + end : expected);
                }

                data.Add($": hi{end}{Extra}{end}{end}{Done}{end}{end}", $": hi{end}{end}{Done}{end}{end}");
                data.Add($"{Word}{end}{end}{Extra}{end}id: 7{end}{end}{Word}{end}{end}", $"{Word}{end}{end}id: 7{end}{end}{Word}{end}{end}");
            }

            return data;
        }
    }

    // Work that grows with the square of the lines would take hours.
    [Theory(Timeout = 60_000)]
    [InlineData(":\n")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r\n")]
    public async Task Stream_OfManyLinesInOnePiece_Passes(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(line, 2_000_000)));

        Assert.Equal(bytes.Length, await Task.Run(() => new UsageChunkFilter().Filter(bytes), TestContext.Current.CancellationToken));
    }

    public static TheoryData<string> Others =>
    [
        $"{Word}\n\n{Done}\n\n",
        "data: {\"choices\":[],\"usage\":null}\n\n",
        "data: {\"choices\":[],\"prompt_filter_results\":[{}],\"model\":\"\"}\n\n",
        "data: {\"choices\":[],\"moderation\":{},\"usage\":null}\n\n",
        "data: {\"choices\":[{\"usage\":{}}],\"usage\":{\"prompt_tokens\":1}}\n\n",
        "data: {\"choices\":null,\"usage\":{}}\n\n",
        "data: {\"usage\":{}}\n\n",
        "data: {\"x\":{\"choices\":[],\"usage\":{}}}\n\n",
        "data: {\"choices\":[],\"usage\":{}\n\n",
        $"{Word}\n\ndata: {{\"choices\":[],\"usage\":null,\"usage\":{{}}}}\n\n{Word}\n\n",
        "data: {\"choices\":[],\"usage\":{\n}}\n\n",
        "data: {\"choices\":[],\"usage\":{}} x\n\n",
        "data: {\"\\u0063hoices\":[],\"usage\":{}}\n\n",
        "data: [{\"choices\":[],\"usage\":{}}]\n\n",
        "event: x\ndata: a\ndata: b\n\nid: 7\nretry: 1\n\n",
        "dat",
        "data: {\"choices\":[",
        "\n\n\n\r\r\n",
        "\uFEFFdata: x\n\n",
        "not an event stream",
    ];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Extra_CutAnywhere_IsTakenOut(string stream, string expected) => AssertFilters(stream, expected);

    [Theory]
    [MemberData(nameof(Others))]
    public void Stream_WithoutIt_StaysAsItIs(string stream) => AssertFilters(stream, stream);

    /// <summary>Byte by byte each line is read. In larger pieces most of them are passed over.</summary>
    [Fact]
    public void Stream_OfAnyLines_IsFilteredAlikeHoweverItIsCut()
    {
        string[] lines =
        [
            Word, Word, Extra, "", "", "", ": hi", "id: 7", Done, "data: {\"choices\":[],\"usage\":null}", "data: {\"choices\":[{}],\"usage\":{\"x\":1}}",
            "data:{\"usage\":{},\"choices\": [ ] } ", "data: {\"choices\":[],", "data: \"usage\":{}}",
        ];
        string[] ends = ["\n", "\n", "\n\n", "\n\n", "\r\n", "\r\n\r\n", "\r"];
        var random = new Random(20260102);
        for (var round = 0; round < 2000; round++)
        {
            var stream = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => lines[random.Next(lines.Length)] + ends[random.Next(ends.Length)]));
            var bytes = Encoding.UTF8.GetBytes(stream);
            var cut = random.Next(bytes.Length + 1);

            var expected = Filter([.. bytes.Select(b => new[] { b })]);

            Assert.Equal(expected, Filter([bytes]));
            Assert.Equal(expected, Filter([bytes[..cut], bytes[cut..]]));
        }
    }

    [Fact]
    public void Event_ThatHasAChoice_DoesNotWaitForItsEnd()
    {
        var filter = new UsageChunkFilter();

        var passed = filter.Filter(Encoding.UTF8.GetBytes("data: {\"choices\":[{"));

        Assert.Equal((19, 0), (passed, filter.Held));
    }

    [Fact]
    public void Event_ThatIsTooLong_Passes()
    {
        var filter = new UsageChunkFilter();
        var bytes = Encoding.UTF8.GetBytes("data: {\"choices\":[],\"x\":\"" + new string('y', UsageChunkFilter.MostHeld));

        Assert.Equal(bytes.Length, filter.Filter(bytes));
    }

    private static void AssertFilters(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        Assert.Equal(expected, Filter([bytes]));
        Assert.Equal(expected, Filter([.. bytes.Select(b => new[] { b })]));
        for (var i = 1; i < bytes.Length; i++)
        {
            Assert.Equal(expected, Filter([bytes[..i], bytes[i..]]));
        }
    }

    private static string Filter(byte[][] pieces)
    {
        var filter = new UsageChunkFilter();
        var output = new MemoryStream();
        var buffer = new byte[100_000];
        foreach (var piece in pieces)
        {
            var held = filter.Held;
            filter.Restore(buffer);
            piece.CopyTo(buffer, held);
            output.Write(buffer, 0, filter.Filter(buffer.AsSpan(0, held + piece.Length)));
        }

        output.Write(buffer, 0, filter.Release(buffer));
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
