using OpenAIProxy.BillingService.Pages.Texts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>What is left of a key's budget. There are no budgets yet; when there are, this is where the page asks.</summary>
internal static class Budgets
{
    public static string Left(Words words) => words.NoBudget;
}
