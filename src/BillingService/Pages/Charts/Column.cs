namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>A day's column. Widths are in percent of the plot, so that one drawing fits every screen.</summary>
/// <param name="BandX">Where the day begins.</param>
/// <param name="BandWidth">How wide a day is.</param>
/// <param name="X">Where its column begins.</param>
/// <param name="Width">How wide the column is.</param>
/// <param name="Middle">The middle of both.</param>
/// <param name="Label">What stands under it; null for nothing.</param>
/// <param name="IsMinor">True if a small screen does better without the label.</param>
/// <param name="Title">What is said of it when it is pointed at.</param>
/// <param name="Link">Where it leads; null for nowhere.</param>
/// <param name="Segments">What it is made of, from the bottom.</param>
/// <param name="Marks">The styles of its marks, and null for a row in which it has none.</param>
public sealed record Column(
    string BandX, string BandWidth, string X, string Width, string Middle, string? Label, bool IsMinor, string Title, string? Link,
    IReadOnlyList<Segment> Segments, IReadOnlyList<int?> Marks);
