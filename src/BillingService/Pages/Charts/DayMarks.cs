namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>A row of marks under the columns: days of which something must be said.</summary>
/// <param name="Name">What is said.</param>
/// <param name="Style">The number of the pattern.</param>
/// <param name="Days">True for each day it is said of.</param>
public sealed record DayMarks(string Name, int Style, IReadOnlyList<bool> Days);
