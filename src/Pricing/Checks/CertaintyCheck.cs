namespace OpenAIProxy.Pricing.Checks;

/// <summary>How sure are the prices of a row?</summary>
internal static class CertaintyCheck
{
    public static void Run(PriceRow row, RowFindings about)
    {
        if (row.Derived.Count > 0)
        {
            about.Note($"computed by general rules, not read for this model: {string.Join(", ", row.Derived)}");
        }

        if (row.Confidence == "third-party")
        {
            about.Note($"known from third parties only: {row.Source ?? "no source given"}");
        }

        if (row.Note is { } note)
        {
            about.Note(note);
        }
    }
}
