namespace OpenAIProxy.BillingService.Pages.Views;

/// <summary>One figure of a table.</summary>
/// <param name="Text">As people read it.</param>
/// <param name="Exact">As programs read it, with all digits; null if there is none.</param>
/// <param name="Note">What must be said with it, such as that a part has no price; null for nothing.</param>
public sealed record Cell(string Text, string? Exact = null, string? Note = null)
{
    /// <summary>The number of the pattern it is marked with; null for a plain figure.</summary>
    public int? Style { get; init; }

    /// <summary>True for a name or a word among the figures.</summary>
    public bool IsText { get; init; }

    /// <summary>What is said of it when it is pointed at, such as all its digits; null for nothing.</summary>
    public string? Title { get; init; }
}
