using System.Text.Json;

namespace OpenAIProxy.Standalone.Tests;

/// <summary><c>openai-proxy prices …</c>, as it is typed.</summary>
public sealed class PricesTests : IDisposable
{
    private const string Own = """
        {"prices":[
          {"model":"house-model","kind":"chat","tokens":{"default":{"input":3,"output":7}},"source":"contract of May","confidence":"contract"},
          {"model":"house-model","from":"2099-01-01","kind":"chat","tokens":{"default":{"input":4,"output":8}}}
        ]}
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Show_OfAModel_HasEachKindByTier()
    {
        var (exitCode, output, error) = await StandaloneProcess.RunAsync("prices", "show", "gpt-4o-2024-08-06");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("gpt-4o-2024-08-06, priced as gpt-4o (chat)", output, StringComparison.Ordinal);
        Assert.Equal(["input", "2.5", "1.25", "4.25"], Line(output, "input "));
        Assert.Equal(["output", "10", "5", "17"], Line(output, "output "));
        Assert.Contains("model ends: 2027-01-14", output, StringComparison.Ordinal);
        Assert.Contains("source: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_OfAUnit_HasItsPrice()
    {
        var (exitCode, output, _) = await StandaloneProcess.RunAsync("prices", "show", "whisper-1");

        Assert.Equal(0, exitCode);
        Assert.Equal(["perMinute", "0.006"], Line(output, "perMinute"));
    }

    [Fact]
    public async Task Show_OfAnOwnPriceFromTheConfigFile_HasItsDates()
    {
        var (exitCode, output, _) = await StandaloneProcess.RunAsync("prices", "show", "house-model", "--json", "--config", WriteConfig());

        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output);
        var price = json.RootElement;
        Assert.Equal("price", price.GetProperty("object").GetString());
        Assert.Equal(3m, price.GetProperty("usd_per_1m_tokens").GetProperty("default").GetProperty("input").GetDecimal());
        Assert.Equal("2098-12-31", price.GetProperty("until").GetString());
        Assert.Equal("contract", price.GetProperty("confidence").GetString());
        Assert.True(price.GetProperty("own").GetBoolean());
    }

    [Fact]
    public async Task Show_OfAnUnknownModel_Is1WithNearNames()
    {
        var (exitCode, output, error) = await StandaloneProcess.RunAsync("prices", "show", "gtp-4o");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("'gtp-4o' has no price today. Did you mean gpt-4o", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prices", "show")]
    [InlineData("prices", "show", "--Pricing:File=x")]
    [InlineData("prices", "update")]
    public async Task Command_WithoutWhatItNeeds_Is64(params string[] args) => Assert.Equal(64, (await StandaloneProcess.RunAsync(args)).ExitCode);

    [Fact]
    public async Task Check_ReadsTheConfigFile()
    {
        var (exitCode, output, _) = await StandaloneProcess.RunAsync("prices", "check", "--config", WriteConfig(), "--data", _folder.Path);

        Assert.Equal(0, exitCode);
        Assert.Contains($"with those of {Path.Combine(_folder.Path, "prices.json")}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_AsJson_IsOneObject()
    {
        var (exitCode, output, error) = await StandaloneProcess.RunAsync("prices", "check", "--json");

        Assert.Equal((0, ""), (exitCode, error));
        using var json = JsonDocument.Parse(output);
        Assert.Equal("price_check", json.RootElement.GetProperty("object").GetString());
        Assert.Equal(0, json.RootElement.GetProperty("errors").GetInt32());
        Assert.True(json.RootElement.GetProperty("models").GetInt32() > 100);
    }

    [Fact]
    public async Task Update_PutsThePricesWhereTheConfigFileSays()
    {
        var config = WriteConfig();
        var newer = _folder.Write("newer.json", Own.Replace("\"input\":3,", "\"input\":5,", StringComparison.Ordinal)
            .Replace(",\"confidence\":\"contract\"", "", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "prices.json"), """{"prices":[]}""");

        var (exitCode, _, error) = await StandaloneProcess.RunAsync("prices", "update", newer, "--config", config);

        Assert.Equal((0, ""), (exitCode, error));
        var shown = await StandaloneProcess.RunAsync("prices", "show", "house-model", "--config", config);
        Assert.Equal(["input", "5"], Line(shown.Output, "input "));
    }

    private string WriteConfig()
    {
        var prices = _folder.Write("prices.json", Own);
        return _folder.Write("settings.json", $$$"""{"Pricing":{"File":"{{{prices}}}"}}""");
    }

    private static string[] Line(string output, string start)
        => output.Split('\n').First(line => line.TrimStart().StartsWith(start, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
