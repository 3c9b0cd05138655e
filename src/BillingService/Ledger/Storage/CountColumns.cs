using System.Data.Common;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>The counts of a usage row as columns of a table, always in the order of <see cref="Names"/>.</summary>
internal static class CountColumns
{
    private static readonly string[] First =
    [
        "requests", "errors", "cut", "input", "cached_input", "cache_write", "audio_input", "cached_audio_input", "image_input",
        "cached_image_input", "output", "reasoning_output", "audio_output", "image_output", "quantity",
    ];

    private static readonly string[] All = [.. First, CacheWrite12h];

    // Most rows have no other, and each column that is read takes its time.
    private static readonly string[] Usual = ["requests", "errors", "cut", "input", "output", "quantity"];

    /// <summary>The column of <see cref="UsageCounts.CacheWrite12h"/>, which came with the second form of the tables.</summary>
    public const string CacheWrite12h = "cache_write_12h";

    /// <summary>The columns that the first form of the tables has.</summary>
    public static IReadOnlyList<string> FirstNames => First;

    /// <summary>The columns' names.</summary>
    public static IReadOnlyList<string> Names => All;

    /// <summary>The columns of a sum over many rows of <paramref name="table"/>. PostgreSQL sums to a type that is no bigint.</summary>
    public static string Sums(string table) => string.Join(", ", All.Select(name => $"CAST(SUM({table}.{name}) AS bigint)"));

    /// <summary>Adds new counts to those of the row that is there.</summary>
    public static string Addition(string table) => string.Join(", ", All.Select(name => $"{name} = {table}.{name} + excluded.{name}"));

    /// <summary>The counts as columns.</summary>
    public static IEnumerable<Column> Of(IReadOnlyList<UsageCounts> counts)
    {
        var columns = new long[All.Length][];
        for (var c = 0; c < columns.Length; c++)
        {
            columns[c] = new long[counts.Count];
        }

        for (var row = 0; row < counts.Count; row++)
        {
            Write(counts[row], columns, row);
        }

        return columns.Select((values, c) => new Column(All[c], values));
    }

    /// <summary>A column that is 0 if the columns that mostly are 0 all are.</summary>
    public static string AnyRare(string table) => string.Join(" | ", All.Except(Usual).Select(name => $"{table}.{name}"));

    /// <summary>Reads the columns that begin at <paramref name="first"/>, and end with that of <see cref="AnyRare"/>.</summary>
    public static UsageCounts Read(DbDataReader reader, int first)
    {
        var counts = new UsageCounts
        {
            Requests = reader.GetInt64(first),
            Errors = reader.GetInt64(first + 1),
            Cut = reader.GetInt64(first + 2),
            Input = reader.GetInt64(first + 3),
            Output = reader.GetInt64(first + 10),
            Quantity = reader.GetInt64(first + 14),
        };
        if (reader.GetInt64(first + All.Length) == 0)
        {
            return counts;
        }

        return counts with
        {
            CachedInput = reader.GetInt64(first + 4),
            CacheWrite = reader.GetInt64(first + 5),
            AudioInput = reader.GetInt64(first + 6),
            CachedAudioInput = reader.GetInt64(first + 7),
            ImageInput = reader.GetInt64(first + 8),
            CachedImageInput = reader.GetInt64(first + 9),
            ReasoningOutput = reader.GetInt64(first + 11),
            AudioOutput = reader.GetInt64(first + 12),
            ImageOutput = reader.GetInt64(first + 13),
            CacheWrite12h = reader.GetInt64(first + 15),
        };
    }

    private static void Write(UsageCounts counts, long[][] columns, int row)
    {
        columns[0][row] = counts.Requests;
        columns[1][row] = counts.Errors;
        columns[2][row] = counts.Cut;
        columns[3][row] = counts.Input;
        columns[4][row] = counts.CachedInput;
        columns[5][row] = counts.CacheWrite;
        columns[6][row] = counts.AudioInput;
        columns[7][row] = counts.CachedAudioInput;
        columns[8][row] = counts.ImageInput;
        columns[9][row] = counts.CachedImageInput;
        columns[10][row] = counts.Output;
        columns[11][row] = counts.ReasoningOutput;
        columns[12][row] = counts.AudioOutput;
        columns[13][row] = counts.ImageOutput;
        columns[14][row] = counts.Quantity;
        columns[15][row] = counts.CacheWrite12h;
    }
}
