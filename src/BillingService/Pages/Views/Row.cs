namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>One line of a table.</summary>
/// <param name="Head">What it is about.</param>
/// <param name="Cells">Its figures.</param>
public sealed record Row(string Head, IReadOnlyList<Cell> Cells)
{
    /// <summary>Where <see cref="Head"/> leads; null for nowhere.</summary>
    public string? Link { get; init; }

    /// <summary>The whole of what <see cref="Head"/> shortens; null if it shortens nothing.</summary>
    public string? Whole { get; init; }

    /// <summary>What is said under <see cref="Head"/>; null for nothing.</summary>
    public string? Note { get; init; }
}
