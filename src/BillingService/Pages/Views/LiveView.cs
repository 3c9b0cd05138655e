namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>The page of the last minutes' calls.</summary>
/// <param name="Frame">Its frame.</param>
/// <param name="Viewer">Whose calls it shows, in words.</param>
/// <param name="Filter">Which part of them it shows.</param>
/// <param name="Lead">What it shows, in a sentence.</param>
/// <param name="Calls">The calls, the newest first; null if there are none.</param>
/// <param name="IsPaused">True if it doesn't reload itself.</param>
public sealed record LiveView(Frame Frame, ViewerView Viewer, UsageFilter Filter, string Lead, TableView? Calls, bool IsPaused)
{
    /// <summary>The name in the address that stops the reloading.</summary>
    public const string PauseName = "pause";

    /// <summary>What its address asks for.</summary>
    public (string Name, string? Value)[] Query => [.. Filter.Query, (PauseName, IsPaused ? "1" : null)];
}
