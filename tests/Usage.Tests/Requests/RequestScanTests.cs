using System.Text;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.IncludeUsage;
using OpenAIProxy.Usage.Requests;
using OpenAIProxy.Usage.Tests.Answers;

namespace OpenAIProxy.Usage.Tests.Requests;

/// <summary>What is read of a request doesn't depend on how it is cut.</summary>
public sealed class RequestScanTests
{
    private const string Wish = ",\"stream_options\":{\"include_usage\":true}";

    /// <summary>Body, and what must come out of it.</summary>
    public static TheoryData<string, string> Wishes => new()
    {
        { """{"model":"m","stream":true}""", """{"model":"m","stream":true""" + Wish + "}" },
        { "{ \"stream\" :\ttrue\r\n}\n", "{ \"stream\" :\ttrue\r\n" + Wish + "}\n" },
        { """{"stream":true,"messages":[{"content":"}"}]}""", """{"stream":true,"messages":[{"content":"}"}]""" + Wish + "}" },
        { """{"stream":true,"stream_options":{}}""", """{"stream":true,"stream_options":{"include_usage":true}}""" },
        { """{"stream_options":{"include_obfuscation":false},"stream":true}""", """{"stream_options":{"include_obfuscation":false,"include_usage":true},"stream":true}""" },
        { """{"stream":true,"stream_options":{"include_usage":null}}""", """{"stream":true,"stream_options":{"include_usage":true}}""" },
        { """{"stream":true,"stream_options":null}""", """{"stream":true,"stream_options":{"include_usage":true}}""" },
        { """{"stream":false,"stream":true}""", """{"stream":false,"stream":true""" + Wish + "}" },
    };

    public static TheoryData<string> Untouched =>
    [
        """{"model":"m"}""",
        """{"stream":false}""",
        """{"stream":null}""",
        """{"stream":"true"}""",
        """{"stream":1}""",
        """{"stream":true,"stream":false}""",
        """{"stream":true,"stream":{}}""",
        """{"stream":true,"stream":[]}""",
        """{"stream":true,"x":""" + new string('1', 130) + "abc}",
        """{"stream":true,"x":""" + new string('1', 300) + "}",
        """{"metadata":{"stream":true}}""",
        """{"messages":["\"stream\":true"]}""",
        """{"messages":[{"stream":true}],"x":"{\"stream\":true}"}""",
        """{"stream":true,"stream_options":{"include_usage":true}}""",
        """{"stream":true,"stream_options":{"include_usage":false}}""",
        """{"stream":true,"stream_options":[]}""",
        """{"str\u0065am_options":{"include_usage":false},"stream":true}""",
        """[{"stream":true}]""",
        "\uFEFF{\"stream\":true}",
        "\"stream\":true}",
        "",
        "   ",
        "true",
        """{"stream":true""",
    ];

    [Theory]
    [MemberData(nameof(Wishes))]
    public void Wish_CutAnywhere_IsPutInOnce(string body, string expected) => AssertScans(body, expected, asked: true);

    [Theory]
    [MemberData(nameof(Untouched))]
    public void Body_ThatAsksOrDoesNotStream_StaysAsItIs(string body) => AssertScans(body, body, asked: false);

    [Theory]
    [InlineData("""{"model":"a","model\ud800":"b"}""", "a")]
    [InlineData("""{"model":"a","mo\ud800del":"b"}""", "a")]
    [InlineData("""{"model":"a","mo\udc00del":"b"}""", "a")]
    [InlineData("""{"model":"a\ud83d"}""", "a\uFFFD")]
    [InlineData("""{"model":"\ud83da\ude00"}""", "\uFFFDa\uFFFD")]
    [InlineData("""{"model":"\ud83d\ud83d\ude00"}""", "\uFFFD\U0001F600")]
    [InlineData("""{"model":"\ud83d\n"}""", "\uFFFD\n")]
    public void HalfASurrogatePair_CutAnywhere_IsACharacterOfItsOwn(string body, string model)
    {
        foreach (var cut in Cut.Ways(Encoding.UTF8.GetBytes(body)))
        {
            Assert.Equal(model, Scan(cut, ask: true, countInput: false).Facts.Model);
        }
    }

    [Theory]
    [InlineData("[1,2,3")]
    [InlineData("12345")]
    [InlineData("\"a string that goes on")]
    public void Body_ThatIsNoObject_IsNotWaitedFor(string beginning)
    {
        var scan = new RequestScan(new RequestFacts(), ask: true, countInput: false);
        Assert.True(scan.MayAsk);

        scan.Scan(Encoding.UTF8.GetBytes(beginning));

        Assert.False(scan.MayAsk);
    }

    [Fact]
    public void SearchContextSize_CutAnywhere_IsFoundInItsPlace()
    {
        const string body = """{"search_context_size":"low","web_search_options":{"user_location":{"search_context_size":"low"},"search_context_size":"high"},"stream":true}""";

        foreach (var cut in Cut.Ways(Encoding.UTF8.GetBytes(body)))
        {
            Assert.Equal("high", Scan(cut, ask: true, countInput: false).Facts.SearchContextSize);
        }

        AssertScans(body, body[..^1] + Wish + "}", asked: true);
    }

    [Fact]
    public void Facts_CutAnywhere_AreFound()
    {
        const string body = """
            {"n" : 3,"size":"1024x1024","quality":"hi\u0067h","seconds":8,"background":true,"service_tier":"flex","stream":true,
             "model":"openai\/gpt-4o","nested":{"model":"other","n":9},"input":"a😀\u00e4\ud83d\ude00\n"}
            """;

        foreach (var facts in Cut.Ways(Encoding.UTF8.GetBytes(body)).Select(cut => Scan(cut, ask: false, countInput: true).Facts))
        {
            Assert.Equal("openai/gpt-4o", facts.Model);
            Assert.Equal((3, "1024x1024", "high", "8"), (facts.Count, facts.Size, facts.Quality, facts.Seconds));
            Assert.Equal((true, true), (facts.Background, facts.Stream));
            Assert.Equal(5, facts.Characters);
        }
    }

    [Fact]
    public void Estimate_LeavesDataUrlsAndBase64Out()
    {
        var text = string.Concat(Enumerable.Repeat("word ", 80));
        var base64 = Convert.ToBase64String(new byte[3000]);
        var body = $$$"""{"messages":[{"content":"{{{text}}}"},{"image_url":{"url":"data:image/png;base64,{{{base64}}}"}},{"data":"{{{base64.Replace("/", "\\/", StringComparison.Ordinal)}}}"}]}""";

        foreach (var facts in Cut.Ways(Encoding.UTF8.GetBytes(body)).Take(50).Select(cut => Scan(cut, false, false).Facts))
        {
            Assert.InRange(facts.InputEstimate, 100, 110);
        }
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=xYz", "xYz")]
    [InlineData("multipart/form-data; boundary=\"x Y:z\"; charset=utf-8", "x Y:z")]
    public void Form_CutAnywhere_IsReadBeforeAndAfterTheFile(string contentType, string boundary)
    {
        var file = "\r\n--xY\r\n--x \0\u0001--" + new string('-', 300);
        var body = Encoding.UTF8.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n2\r\n"
            + $"--{boundary}\r\nContent-Disposition: form-data; filename=\"model\"; name=\"file\"\r\nContent-Type: audio/mpeg\r\n\r\n{file}\r\n"
            + $"--{boundary}\r\nContent-Disposition: form-data; name=model\r\n\r\nwhisper-1\r\n"
            + $"--{boundary}\r\ncontent-disposition: form-data; name=\"stream\"\r\n\r\ntrue\r\n--{boundary}--\r\n");

        foreach (var cut in Cut.Ways(body))
        {
            var facts = new RequestFacts();
            var scan = FormScan.For(facts, contentType)!;
            foreach (var piece in cut)
            {
                scan.Scan(piece);
            }

            Assert.Equal(("whisper-1", 2, true), (facts.Model, facts.Count, facts.Stream));
        }
    }

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    public void Form_WithoutABoundary_IsNotRead(string contentType) => Assert.Null(FormScan.For(new RequestFacts(), contentType));

    private static void AssertScans(string body, string expected, bool asked)
    {
        foreach (var cut in Cut.Ways(Encoding.UTF8.GetBytes(body)))
        {
            var (_, splice, output) = Scan(cut, ask: true, countInput: false);
            Assert.Equal(expected, Encoding.UTF8.GetString(output));
            Assert.Equal(asked, splice is not null);
        }
    }

    /// <summary>In one piece, byte by byte, and in two pieces cut at every place.</summary>
    private static (RequestFacts Facts, Splice? Splice, byte[] Output) Scan(byte[][] pieces, bool ask, bool countInput)
    {
        var facts = new RequestFacts();
        var scan = new RequestScan(facts, ask, countInput);
        foreach (var piece in pieces)
        {
            scan.Scan(piece);
        }

        byte[] body = [.. pieces.SelectMany(piece => piece)];
        return scan.Splice is { } splice
            ? (facts, splice, [.. body[..(int)splice.At], .. splice.Text, .. body[(int)(splice.At + splice.Replaced)..]])
            : (facts, null, body);
    }
}
