namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>How far a name is from another.</summary>
internal static class EditDistance
{
    private const int Rows = 3;
    private const int ShortName = 64;

    /// <summary>
    /// How many letters must be put in, taken out, changed, or swapped with their neighbour to make one of the other, in any case (Damerau's
    /// distance between strings that are aligned).
    /// </summary>
    /// <param name="one">A name.</param>
    /// <param name="other">The other one.</param>
    /// <param name="most">
    /// What is of interest: of names that are farther apart, some number above it is returned. A start compares each variable of the environment with
    /// each setting, and nearly all of them differ in their first letters.
    /// </param>
    public static int Of(string one, string other, int most = int.MaxValue - 1)
    {
        if (Math.Abs(one.Length - other.Length) > most)
        {
            return most + 1;
        }

        // Of the table of all steps, a row is made of the two before it.
        var width = other.Length + 1;
        Span<int> rows = other.Length <= ShortName ? stackalloc int[Rows * (ShortName + 1)] : new int[Rows * width];
        var leastBefore = 0;
        for (var i = 0; i <= one.Length; i++)
        {
            var row = Row(rows, i, width);
            var least = FillRow(row, Row(rows, i + 2, width), Row(rows, i + 1, width), one, other, i);
            if (least > most && leastBefore > most)
            {
                return most + 1;
            }

            leastBefore = least;
        }

        return Row(rows, one.Length, width)[other.Length];
    }

    // Returns its least number.
    private static int FillRow(Span<int> row, ReadOnlySpan<int> above, ReadOnlySpan<int> twoAbove, string one, string other, int i)
    {
        row[0] = i;
        var least = i;
        for (var j = 1; j <= other.Length; j++)
        {
            if (i == 0)
            {
                row[j] = j;
                continue;
            }

            var step = Math.Min(above[j - 1] + (Same(one[i - 1], other[j - 1]) ? 0 : 1), Math.Min(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && Same(one[i - 1], other[j - 2]) && Same(one[i - 2], other[j - 1]))
            {
                step = Math.Min(step, twoAbove[j - 2] + 1);
            }

            row[j] = step;
            least = Math.Min(least, step);
        }

        return least;
    }

    private static Span<int> Row(Span<int> rows, int number, int width) => rows.Slice(number % Rows * width, width);

    private static bool Same(char a, char b) => a == b || char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
