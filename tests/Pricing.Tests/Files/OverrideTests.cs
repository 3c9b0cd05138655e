namespace OpenAIProxy.Pricing.Tests.Files;

public sealed class OverrideTests
{
    [Fact]
    public void Load_OwnModel_HasItsPrice()
    {
        var book = PriceFiles.Load("""
            {
              // Comments and trailing commas are fine.
              "prices": [
                { "model": "llama-4", "tokens": { "default": { "input": 0.2, "output": 0.6 } } },
                { "model": "my-whisper", "kind": "transcription", "perMinute": 0.001, },
              ],
            }
            """);

        Used.Is(0.2m, book.Input("llama-4"));
        Used.Is(0.001m, book.Price(Used.What("my-whisper", unit: "milliseconds"), new() { Quantity = 60_000 }));
        Used.Is(2.5m, book.Input("gpt-4o"));
        Assert.True(PriceBook.BuiltIn.Input("llama-4").IsUnpriced);
    }

    [Fact]
    public void Load_RowWithoutADate_ReplacesTheModelEntirely()
    {
        var book = PriceFiles.Load("""{ "prices": [ { "model": "gpt-5.6-sol", "tokens": { "default": { "input": 3, "output": 9 } } } ] }""");

        Used.Is(3m, book.Input("gpt-5.6-sol", "2026-08-01"));
        Used.Is(3m, book.Input("gpt-5.6-sol", "2026-11-25"));
        Assert.True(book.Price(Used.What("gpt-5.6-sol", tier: "batch"), Used.Tokens(1)).IsUnpriced);
    }

    [Fact]
    public void Load_RowsWithDates_ReplaceTheModelFromTheFirstOn()
    {
        var book = PriceFiles.Load("""
            { "prices": [
              { "model": "gpt-5.6-sol", "from": "2026-10-01", "tokens": { "default": { "input": 2, "output": 9 } } },
              { "model": "gpt-5.6-sol", "from": "2026-08-10", "tokens": { "default": { "input": 3, "output": 9 } } }
            ] }
            """);

        Used.Is(5m, book.Input("gpt-5.6-sol", "2026-08-09"));
        Used.Is(3m, book.Input("gpt-5.6-sol", "2026-08-10"));
        Used.Is(3m, book.Input("gpt-5.6-sol", "2026-08-21"));
        Used.Is(2m, book.Input("gpt-5.6-sol", "2026-10-01"));
    }

    [Fact]
    public void Load_ContractForAModel_HoldsForItsSnapshotsAtTheSamePrice()
    {
        var book = PriceFiles.Load("""{ "prices": [ { "model": "gpt-4o", "tokens": { "default": { "input": 2, "output": 8 } } } ] }""");

        Used.Is(2m, book.Input("gpt-4o-2024-08-06"));
        Used.Is(2m, book.Input("gpt-4o-2024-11-20", asked: "gpt-4o"));
        Used.Is(5m, book.Input("gpt-4o-2024-05-13"));
    }

    [Fact]
    public void Load_ContractForASnapshot_HoldsForItAloneAndFromItsDate()
    {
        var book = PriceFiles.Load("""
            { "prices": [
              { "model": "gpt-4o-2024-08-06", "from": "2026-11-01", "tokens": { "default": { "input": 1, "output": 8 } } },
              { "model": "gpt-4o", "from": "2026-10-01", "tokens": { "default": { "input": 2, "output": 8 } } }
            ] }
            """);

        Used.Is(2.5m, book.Input("gpt-4o-2024-08-06", "2026-09-30"));
        Used.Is(2m, book.Input("gpt-4o-2024-08-06", "2026-10-31"));
        Used.Is(1m, book.Input("gpt-4o-2024-08-06", "2026-11-01"));
        Used.Is(2m, book.Input("gpt-4o-2024-11-20", "2026-11-01"));
    }

    [Fact]
    public void Load_OwnAliases_StandForTheModel()
    {
        var book = PriceFiles.Load("""
            { "prices": [
              { "model": "llama-4", "from": "2026-11-01", "also": ["my-deployment", "gpt-4o-mini"], "tokens": { "default": { "input": 0.2, "output": 0.6 } } }
            ] }
            """);

        Used.Is(0.2m, book.Input("my-deployment"));
        Used.Is(0.2m, book.Input("gpt-4o-mini"));
        Used.Is(0.15m, book.Input("gpt-4o-mini", "2026-10-31"));
    }

    [Fact]
    public void Load_EveryKindOfPrice_IsUsed()
    {
        var book = PriceFiles.Load("""
            {
              "sources": { "c": "contract of 2026" },
              "prices": [
                {
                  "model": "m", "kind": "chat", "regionalFactor": 2, "source": "c", "confidence": "contract", "note": "n", "derived": ["batch"],
                  "tokens": { "default": { "input": 1, "cachedInput": 0.5, "output": 3, "audioInput": 7 }, "scale": { "input": 0, "output": 0 } },
                  "longContext": { "above": 128000, "default": { "input": 10, "output": 30 } },
                  "unknown": ["audioCachedInput", "cacheWrite"], "shutdown": "2030-01-01", "promotionUntil": "2029-01-01"
                },
                { "model": "tool:web_search", "kind": "tool", "perCall": 0.5 },
                { "model": "i", "kind": "image", "perImage": { "*": 0.25 } }
              ]
            }
            """);

        Used.Is(1m, book.Input("m"));
        Used.Is(2m, book.Price(Used.What("m", region: "eu"), Used.Tokens(Used.Million)));
        Used.Is(10m, book.Price(Used.What("m", context: 200_000), Used.Tokens(Used.Million)));
        Used.Is(0m, book.Price(Used.What("m", tier: "scale"), Used.Tokens(1)));
        Assert.Equal(new Cost(7m, true), book.Price(Used.What("m"), new()
        {
            Input = 2 * Used.Million,
            AudioInput = 2 * Used.Million,
            CachedInput = Used.Million,
            CachedAudioInput = Used.Million,
        }));
        Assert.Equal(Cost.Unpriced, book.Price(Used.What("m"), new() { Input = 5, CacheWrite = 5 }));
        Used.Is(0.5m, book.Price(Used.What("m", unit: "tool:web_search"), new() { Quantity = 1 }));
        Used.Is(0.5m, book.Price(Used.What("i", unit: "image:hd 1x1"), new() { Quantity = 2 }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Load_NoFile_IsTheBuiltInBook(string? file) => Assert.Same(PriceBook.BuiltIn, PriceBook.Load(file));
}
