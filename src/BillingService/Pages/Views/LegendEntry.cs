namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>What one pattern of a chart stands for.</summary>
/// <param name="Style">The number of the pattern.</param>
/// <param name="Name">What it stands for.</param>
/// <param name="Value">How much of it there is in all; empty to say nothing.</param>
public sealed record LegendEntry(int Style, string Name, string Value)
{
    /// <summary>Where <see cref="Name"/> leads; null for nowhere.</summary>
    public string? Link { get; init; }
}
