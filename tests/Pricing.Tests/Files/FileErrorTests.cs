namespace OpenAIProxy.Pricing.Tests.Files;

public sealed class FileErrorTests
{
    [Fact]
    public void Load_FileWithManyErrors_ListsThemAllInOrder()
    {
        var errors = PriceFiles.Errors("""
            {
              "price": [],
              "prices": [
                { "model": "a", "tokens": { "default": { "input": -1, "outputs": 2 } } },
                { "model": "a", "form": "2026-01-01" },
                { "model": "b", "from": "2026-02-30", "kind": "chats", "perMinute": "0.01" },
                { "from": "2026-01-01" },
                { "model": "c", "tokens": { "fast": {}, "priority": {} }, "longContext": { "above": 100000 } },
                { "model": "d", "also": ["b", 5], "perImage": [1], "unknown": ["output"], "regionalFactor": 0 },
                { "model": "e", "also": ["f"], "longContext": { "default": { "input": 1 } } },
                { "model": "g", "also": ["f"], "model": "g" },
                7
              ]
            }
            """);

        string[] expected =
        [
            "line 2, price: unknown property; allowed: sources, prices",
            "line 4, prices[0].tokens.default.input (a): -1 can't be used; allowed: US dollars, a number from 0 to 1000000 with at most 12 digits after the point",
            "line 4, prices[0].tokens.default.outputs (a): unknown property; allowed: input, cachedInput, cacheWrite, cacheWrite12h, output, audioInput, audioCachedInput, "
                + "audioOutput, imageInput, imageCachedInput, imageOutput",
            "line 5, prices[1].form (a): unknown property; allowed: model, from, kind, also, reasoning, tokens, longContext, tierFactors, "
                + "regionalFactor, inputPerCall, perMinute, per1MCharacters, perCall, perCallReasoning, perCallBySize, perImage, perVideoSecond, "
                + "perSearchCall, unknown, derived, promotionUntil, shutdown, note, source, confidence",
            "line 5, prices[1]: a has two prices without a date; give one of them another from",
            "line 6, prices[2].from (b): \"2026-02-30\" can't be used; allowed: a day (UTC) such as 2026-11-17",
            "line 6, prices[2].kind (b): \"chats\" can't be used; allowed: chat, responses, completion, embedding, image, transcription, speech, "
                + "realtime, live, moderation, video, tool",
            "line 6, prices[2].perMinute (b): \"0.01\" can't be used; allowed: US dollars, a number from 0 to 1000000 with at most 12 digits after the point",
            "line 7, prices[3]: has no model; allowed: a model's name",
            "line 8, prices[4].tokens.priority (c): priority and fast are one tier",
            "line 8, prices[4].longContext.above (c): 100000 can't be used; allowed: 128000, 200000, 272000, 400000",
            "line 9, prices[5].also[1] (d): 5 can't be used; allowed: a model's name of at most 128 characters without spaces",
            "line 9, prices[5].perImage (d): a list can't be used; allowed: an object",
            "line 9, prices[5].unknown[0] (d): \"output\" can't be used; allowed: cachedInput, cacheWrite, cacheWrite12h, "
                + "audioCachedInput, imageInput, imageCachedInput",
            "line 9, prices[5].regionalFactor (d): 0 can't be used; allowed: a number above 0, at most 100",
            "line 9, prices[5].also[0]: b has prices of its own, it can't be d too",
            "line 10, prices[6].longContext (e): has no above: the input tokens above which these prices hold",
            "line 11, prices[7].model: is there twice",
            "line 11, prices[7].also[0]: f is also e; a name can stand for one model only",
            "line 12, prices[8]: 7 can't be used; allowed: an object",
        ];
        Assert.Equal(expected, errors);
    }

    [Theory]
    [InlineData("", "line 1: is not JSON: ")]
    [InlineData("{\n  \"prices\": [\n    { \"model\" \"a\" }\n  ]\n}", "line 3: is not JSON: ")]
    [InlineData("[]", "line 1,: a list can't be used; allowed: an object")]
    [InlineData("{}", "line 1, prices: is missing or no list")]
    [InlineData("{\n\"prices\": {}\n}", "line 2, prices: is missing or no list")]
    [InlineData(
        "{ \"prices\": [ { \"model\": \"a\", \"longContext\": { \"above\": 272000 } } ] }",
        "line 1, prices[0].longContext (a): has no meaning without tokens")]
    [InlineData("{ \"prices\": [ { \"model\": \"a\", \"tierFactors\": { \"8h\": 0.6 } } ] }", "line 1, prices[0].tierFactors (a): has no meaning without tokens.default")]
    [InlineData("{ \"prices\": [ { \"model\": \"a\", \"tierFactors\": { \"8h\": 0 } } ] }", "line 1, prices[0].tierFactors.8h (a): 0 can't be used")]
    [InlineData("{ \"prices\": [ { \"model\": \"a\", \"tokens\": { \"a b\": {} } } ] }", "line 1, prices[0].tokens.a b (a): can't be a tier; allowed: a word")]
    [InlineData("{ \"prices\": [ { \"model\": \"a\", \"reasoning\": 1 } ] }", "line 1, prices[0].reasoning (a): 1 can't be used; allowed: true, false")]
    [InlineData("{ \"prices\": [ { \"model\": \"a\", \"inputPerCall\": { \"tool:x\": 0 } } ] }", "line 1, prices[0].inputPerCall.tool:x (a): 0 can't be used; allowed: a whole number")]
    [InlineData("{ \"prices\": [ { \"model\": \"a\", \"shutdown\": { \"b\": 1 } } ] }", "line 1, prices[0].shutdown.b (a): 1 can't be used; allowed: a day")]
    [InlineData(
        "{ \"prices\": [ { \"model\": \"a\", \"tokens\": { \"fast\": {} }, \"longContext\": { \"above\": 272000, \"excludes\": [\"fast\"], \"priority\": {} } } ] }",
        "line 1, prices[0].longContext.excludes (a): priority has prices of long requests")]
    [InlineData("{ \"prices\": [ { \"model\": \"a b\" } ] }", "line 1, prices[0].model (a b): \"a b\" can't be used")]
    [InlineData("{ \"prices\": [ { \"model\": \"a\", \"perCall\": 1e-13 } ] }", "line 1, prices[0].perCall (a): 1e-13 can't be used")]
    [InlineData("{ \"prices\": [ { \"model\": \"a\", \"perCall\": 1e99 } ] }", "line 1, prices[0].perCall (a): 1e99 can't be used")]
    [InlineData("{ \"prices\": [ { \"model\": \"a\", \"perCall\": null } ] }", "line 1, prices[0].perCall (a): null can't be used")]
    public void Load_UnusableFile_SaysWhatAndWhere(string json, string start)
        => Assert.StartsWith(start, PriceFiles.Errors(json)[0], StringComparison.Ordinal);

    [Fact]
    public void Load_TwoPricesOfADay_IsAnError()
        => Assert.Equal(
            ["line 1, prices[1]: A has two prices from 2026-01-01 on"],
            PriceFiles.Errors("""{ "prices": [ { "model": "a", "from": "2026-01-01", "perCall": 1 }, { "model": "A", "from": "2026-01-01", "perCall": 2 } ] }"""));

    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        var error = Assert.Throws<PriceFileException>(() => PriceBook.Load(file));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("can't be read: ", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ByteOrderMark_IsNoError() => Used.Is(2.5m, PriceFiles.Load("\uFEFF{ \"prices\": [] }").Input("gpt-4o"));
}
