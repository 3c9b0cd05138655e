namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>What one bar stands for.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Style">The number of its pattern.</param>
/// <param name="Value">How much; the bars are as long.</param>
/// <param name="Text">The same, with what must be said of it.</param>
public sealed record BarValue(string Name, int Style, decimal Value, string Text)
{
    /// <summary>The whole of what <see cref="Name"/> shortens; null if it shortens nothing.</summary>
    public string? Whole { get; init; }

    /// <summary>Where it leads; null for nowhere.</summary>
    public string? Link { get; init; }
}
