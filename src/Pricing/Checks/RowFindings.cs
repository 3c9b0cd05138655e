namespace OpenAIProxy.Pricing.Checks;

/// <summary>Collects findings about one row.</summary>
internal readonly struct RowFindings(string model, PriceRow row, List<PriceFinding> findings)
{
    public void Error(string message) => Add(PriceSeverity.Error, message);

    public void Warning(string message) => Add(PriceSeverity.Warning, message);

    public void Note(string message) => Add(PriceSeverity.Note, message);

    private void Add(PriceSeverity severity, string message)
        => findings.Add(new PriceFinding(severity, model, row.From == DateOnly.MinValue ? null : row.From, message));
}
