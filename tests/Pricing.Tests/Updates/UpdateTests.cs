using System.Text;
using System.Text.Json;
using OpenAIProxy.Pricing.Updates;

namespace OpenAIProxy.Pricing.Tests.Updates;

/// <summary>Newer prices go into an operator's file.</summary>
public sealed class UpdateTests
{
    private const string Newer = """
        // Prices of tomorrow.
        { "sources": { "s": "the page of tomorrow" },
          "prices": [
            { "model": "gpt-4o", "also": ["gpt-4o-2024-08-06", "gpt-4o-mine"], "tokens": { "default": { "input": 2, "output": 8 } }, "source": "s" },
            { "model": "gpt-9", "tokens": { "default": { "input": 9, "output": 90 } } }
          ] }
        """;

    private static readonly DateOnly Today = new(2026, 11, 29);

    [Fact]
    public void Update_OfNoFile_IsTheUpdateByteForByte()
    {
        var update = Of(Newer, null);

        Assert.Equal((Newer, 2), (Text(update), update.Models));
        Assert.Empty(update.Kept);
    }

    [Fact]
    public void Update_OfAFileWithTheSameModels_IsTheUpdateByteForByte()
    {
        var update = Of(Newer, """{ "prices": [ { "model": "GPT-4o", "tokens": { "default": { "input": 1, "output": 1 } } } ] }""");

        Assert.Equal(Newer, Text(update));
        Assert.Empty(update.Kept);
    }

    [Fact]
    public void Update_KeepsOtherModelsAndContracts()
    {
        var update = Of(Newer, "\uFEFF" + """
            { "sources": { "s": "our own list" },
              "prices": [
                { "model": "llama", "from": "2026-01-01", "tokens": { "on_demand": { "input": 0.5, "output": 0.7 } }, "source": "s", "note": "\u00e4 < 1" },
                { "model": "llama", "tokens": { "default": { "input": 0.59, "output": 0.79 } } },
                { "model": "gpt-9", "tokens": { "default": { "input": 1, "output": 1 } }, "confidence": "contract" },
                { "model": "gpt-4o", "tokens": { "default": { "input": 1, "output": 1 } } },
                { "model": "gpt-4o-mine", "tokens": { "default": { "input": 7, "output": 7 } } }
              ] }
            """);

        Assert.Equal(["gpt-4o-mine", "gpt-9", "llama"], update.Kept);
        Assert.Equal(4, update.Models);
        var book = PriceBook.Parse("merged", update.Content);
        Used.Is(0.59m, book.Input("llama", "2025-12-31"));
        Used.Is(0.5m, book.Price(Used.What("llama", tier: "on_demand"), Used.Tokens(Used.Million)));
        Used.Is(1m, book.Input("gpt-9"));
        Used.Is(2m, book.Input("gpt-4o-2024-08-06"));
        Used.Is(7m, book.Input("gpt-4o-mine"));
        Assert.Contains("\"our own list\"", Text(update), StringComparison.Ordinal);
        Assert.Contains("\"the page of tomorrow\"", Text(update), StringComparison.Ordinal);
        Assert.Contains("ä < 1", Text(update), StringComparison.Ordinal);
    }

    [Fact]
    public void Update_AfterAnUpdate_KeepsTheSame()
    {
        var first = Of(Newer, """{ "prices": [ { "model": "llama", "tokens": { "default": { "input": 1, "output": 1 } } } ] }""");
        var second = Of(Newer, Text(first));

        Assert.Equal(Text(first), Text(second));
        Assert.Equal(["llama"], second.Kept);
    }

    [Theory]
    [InlineData("""{ "model": "gpt-4o", "also": ["gpt-4o-2024-05-13"], "tokens": { "default": { "input": 1, "output": 3 } }, "confidence": "contract" }""", "gpt-4o-2024-05-13")]
    [InlineData("""{ "model": "my-llm", "also": ["gpt-4o"], "tokens": { "default": { "input": 1, "output": 3 } } }""", "gpt-4o")]
    public void Update_OfAFileWithOtherNames_KeepsThemToo(string row, string name)
    {
        var newer = BuiltIn();
        var own = $$"""{ "prices": [ {{row}} ] }""";

        var update = Of(newer, own);

        var book = PriceBook.Parse("merged", update.Content);
        Used.Is(1m, book.Input(name));
        Used.Is(1m, book.Input(Assert.Single(update.Kept)));
        Used.Is(0.15m, book.Input("gpt-4o-mini"));
        Assert.Equal(Text(update), Text(Of(newer, Text(update))));
        Assert.Equal(Names(update).Distinct(StringComparer.OrdinalIgnoreCase).Count(), update.Models);

        static string BuiltIn()
        {
            using var reader = new StreamReader(typeof(PriceBook).Assembly.GetManifestResourceStream("prices.json")!);
            return reader.ReadToEnd();
        }

        static IEnumerable<string> Names(PriceUpdate update)
        {
            using var json = JsonDocument.Parse(update.Content);
            return [.. json.RootElement.GetProperty("prices").EnumerateArray().Select(p => p.GetProperty("model").GetString()!)];
        }
    }

    [Fact]
    public void Update_ThatNamesAnOldModelOtherwise_TakesItsPlace()
    {
        const string newer = """{ "prices": [ { "model": "gpt-9", "also": ["GPT-9-2026-01-01"], "tokens": { "default": { "input": 2, "output": 8 } } } ] }""";

        var update = Of(
            newer, """{ "prices": [ { "model": "gpt-9-2026-01-01", "also": ["gpt-9"], "tokens": { "default": { "input": 10, "output": 40 } } } ] }""");

        Assert.Equal((newer, 1), (Text(update), update.Models));
        Assert.Empty(update.Kept);
    }

    [Theory]
    [InlineData("{", "is not JSON")]
    [InlineData("<html>", "is not JSON")]
    [InlineData("""{ "prices": [] }""", "has no prices")]
    [InlineData("""{ "prices": [ { "model": "gpt-9", "tokens": { "default": { "inputs": 1 } } } ] }""", "unknown property")]
    // It can be read, and contradicts itself.
    [InlineData("""{ "prices": [ { "model": "gpt-9", "tokens": { "default": { "input": 1 } } } ] }""", "gpt-9: default has no price of output")]
    [InlineData("""{ "prices": [ { "model": "gpt-9", "tokens": { "default": { "input": 1, "cachedInput": 10, "output": 1 } } } ] }""", "gpt-9: default: cachedInput 10 is above")]
    public void Update_ThatIsBad_IsRefused(string json, string message)
    {
        var error = Assert.Throws<PriceFileException>(() => Of(json, """{ "prices": [ { "model": "llama", "perCall": 1 } ] }"""));

        Assert.Contains("update.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Update_OfAFileThatIsBad_IsRefusedAndNamesIt()
    {
        var error = Assert.Throws<PriceFileException>(() => Of(Newer, "{"));

        Assert.Contains("prices.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_OfAFileThatContradictedItselfBefore_IsTaken()
        => Assert.Equal(["odd"], Of(Newer, """{ "prices": [ { "model": "odd", "tokens": { "default": { "input": 1 } } } ] }""").Kept);

    private static PriceUpdate Of(string update, string? current)
        => PriceUpdate.Of("update.json", Encoding.UTF8.GetBytes(update), "prices.json", current is null ? null : Encoding.UTF8.GetBytes(current), Today);

    private static string Text(PriceUpdate update) => Encoding.UTF8.GetString(update.Content.Span);
}
