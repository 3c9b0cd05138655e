namespace OpenAIProxy.BillingService.Pages.Charts;

/// <summary>Bars one below the other: for what has no days.</summary>
/// <param name="Bars">The bars.</param>
public sealed record BarChart(IReadOnlyList<Bar> Bars)
{
    /// <summary>Draws values.</summary>
    public static BarChart Draw(IReadOnlyList<BarValue> values)
    {
        var largest = values.Count == 0 ? 0m : values.Max(v => v.Value);
        return new BarChart(
        [
            .. values.Select(v => new Bar(v, Numbers.Length(v.Value > 0m ? Math.Max(0.5, (double)(v.Value / largest * 100m)) : 0, "%"))),
        ]);
    }
}
