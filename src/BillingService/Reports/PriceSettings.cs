using OpenAIProxy.Pricing;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>What usage costs.</summary>
/// <param name="File">A file of prices over those that come with the product; null for none.</param>
/// <param name="Book">The prices as they were read at start.</param>
public sealed record PriceSettings(string? File, PriceBook Book)
{
    internal static readonly PathSetting FileSetting = new("Pricing:File", null, "a JSON file of prices",
        "Prices of your own models and contracts, over those that come with the product.");

    internal static PriceSettings Read(SettingsReader reader)
    {
        var file = reader.Get(FileSetting);
        try
        {
            return new PriceSettings(file, PriceBook.Load(file));
        }
        catch (PriceFileException e)
        {
            foreach (var error in e.Errors)
            {
                reader.AddError($"{FileSetting.Name}, {error}");
            }

            return new PriceSettings(file, PriceBook.BuiltIn);
        }
    }
}
