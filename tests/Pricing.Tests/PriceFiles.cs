namespace OpenAIProxy.Pricing.Tests;

/// <summary>Price files of an operator.</summary>
internal static class PriceFiles
{
    public static PriceBook Load(string json)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, json);
            return PriceBook.Load(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static IReadOnlyList<string> Errors(string json) => Assert.Throws<PriceFileException>(() => Load(json)).Errors;
}
