namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>One line of a table.</summary>
/// <param name="Head">What it is about.</param>
/// <param name="Cells">Its figures.</param>
public sealed record Row(string Head, IReadOnlyList<Cell> Cells)
{
    /// <summary>Where <see cref="Head"/> leads; null for nowhere.</summary>
    public string? Link { get; init; }
}
