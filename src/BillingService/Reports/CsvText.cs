using System.Buffers;
using System.Text;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>
/// A text as a cell of a CSV file (RFC 4180). Models are named by callers and by whatever answers them, and a sheet would run
/// <c>=HYPERLINK(…)</c> as a formula: what may be one gets an apostrophe in front, which sheets take for "this is text". Sheets differ in what
/// they skip before a formula, and in what separates cells, so any separator begins a cell here.
/// </summary>
internal static class CsvText
{
    private const char Harmless = '\'';

    // Also in full width and as small forms: some sheets make plain signs of these.
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B\u2212");
    private static readonly SearchValues<char> Separators = SearchValues.Create(";,|\t\r\n\uFF1B\uFF0C\uFF5C\u3001");
    private static readonly SearchValues<char> Quotes = SearchValues.Create("\"'`\u00B4\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u201F\u00AB\u00BB\u2039\u203A\uFF02\uFF07\uFF40\u300C\u300D");
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\";,|\t\r\n\uFF1B\uFF0C");

    /// <summary>The cell, in quotes where it needs them.</summary>
    public static string Of(string text)
    {
        var harmless = Disarm(text);
        return harmless.AsSpan().ContainsAny(Quoted) ? $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : harmless;
    }

    private static string Disarm(string text)
    {
        if (!text.AsSpan().ContainsAny(Formula) && (text.Length == 0 || !char.IsControl(text[0])))
        {
            return text;
        }

        var harmless = new StringBuilder(text.Length + 4);
        for (var start = 0; start < text.Length;)
        {
            var length = text.AsSpan(start).IndexOfAny(Separators) is >= 0 and var end ? end + 1 : text.Length - start;
            var cell = text.AsSpan(start, length);
            // A tab or line end at the very front is itself a way to hide a formula.
            if (Begins(cell) || (start == 0 && char.IsControl(cell[0])))
            {
                harmless.Append(Harmless);
            }

            harmless.Append(cell);
            start += length;
        }

        return harmless.ToString();
    }

    private static bool Begins(ReadOnlySpan<char> cell)
    {
        var i = 0;
        while (i < cell.Length && (IsBlank(cell[i]) || Quotes.Contains(cell[i])))
        {
            i++;
        }

        return i < cell.Length && Formula.Contains(cell[i]);
    }

    private static bool IsBlank(char c)
        => char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format;
}
