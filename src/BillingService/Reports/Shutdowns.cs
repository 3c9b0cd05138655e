using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>Which models the upstream will shut down soon, by the dates of the price book.</summary>
internal static class Shutdowns
{
    /// <summary>How many days ahead is soon.</summary>
    public const int Days = 60;

    /// <summary>The day on which a model will be shut down; null if that isn't soon, or was before.</summary>
    public static DateOnly? Soon(PriceBook book, string model, DateOnly today)
        => book.Find(model, today)?.Shutdown is { } day && day >= today && day <= today.AddDays(Days) ? day : null;
}
