using System.Data.Common;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Ledger.Storage;

/// <summary>The counts of a usage row as columns of a table, always in the order of <see cref="Names"/>, which is that of <see cref="CountKind"/>.</summary>
internal static class CountColumns
{
    private static readonly string[] All = [.. Counter.All.OrderBy(counter => counter.Kind).Select(counter => counter.Column)];

    private static readonly CountKind[] Wholes = [.. Counter.All.Where(counter => counter.PartOf is null).Select(counter => counter.Kind)];

    // Most rows have none of these, and each column that is read takes its time.
    private static readonly CountKind[] Parts = [.. Counter.All.Where(counter => counter.PartOf is not null).Select(counter => counter.Kind)];

    public static IReadOnlyList<string> Names => All;

    /// <summary>Adds new counts to those of the row that is there.</summary>
    public static string Addition(string table) => string.Join(", ", All.Select(name => $"{name} = {table}.{name} + excluded.{name}"));

    public static IEnumerable<Column> Of(IReadOnlyList<UsageCounts> counts)
        => All.Select((name, kind) => new Column(name, counts.Select(row => row[(CountKind)kind]).ToArray()));

    /// <summary>A column that is 0 if all counts are that are parts of others.</summary>
    public static string AnyPart(string table) => string.Join(" | ", Parts.Select(kind => $"{table}.{All[(int)kind]}"));

    /// <summary>Reads the columns that begin at <paramref name="first"/>, and end with that of <see cref="AnyPart"/>.</summary>
    public static UsageCounts Read(DbDataReader reader, int first)
    {
        var counts = new UsageCounts();
        Read(reader, first, Wholes, counts);
        if (reader.GetInt64(first + All.Length) != 0)
        {
            Read(reader, first, Parts, counts);
        }

        return counts;
    }

    private static void Read(DbDataReader reader, int first, CountKind[] kinds, UsageCounts counts)
    {
        foreach (var kind in kinds)
        {
            counts[kind] = reader.GetInt64(first + (int)kind);
        }
    }
}
