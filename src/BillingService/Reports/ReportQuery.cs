using System.Globalization;
using OpenAIProxy.BillingService.Answers;

namespace OpenAIProxy.BillingService.Reports;

/// <summary>
/// What a usage report is asked for:
/// <c>?start_date&amp;end_date&amp;group_by=day,model&amp;format=json&amp;limit=100&amp;after=…&amp;tz=Asia/Shanghai</c>.
/// </summary>
/// <param name="Range">The days.</param>
/// <param name="GroupBy">What rows are kept apart by.</param>
/// <param name="Format">The form.</param>
/// <param name="Page">Which rows.</param>
/// <param name="Zone">The time zone of the days; null for UTC, if none was given.</param>
internal readonly record struct ReportQuery(DateRange Range, GroupBy GroupBy, ReportFormat Format, ReportPage Page, TimeZoneInfo? Zone)
{
    private const string GroupByName = "group_by";
    private const string FormatName = "format";
    private const string LimitName = "limit";
    private const string AfterName = "after";
    private const int MostRows = 10_000;
    private const GroupBy Default = GroupBy.Day | GroupBy.Model;

    private static readonly string[] Names = [QueryDates.StartName, QueryDates.EndName, GroupByName, FormatName, LimitName, AfterName, TimeZones.ParameterName];

    private static readonly string[] NotOfFocus = [GroupByName, LimitName, AfterName, TimeZones.ParameterName];

    /// <summary>The names of <see cref="GroupBy"/>'s values, in the order of a report's columns.</summary>
    public static IReadOnlyList<(string Name, GroupBy Value)> Groups { get; } =
    [
        ("day", GroupBy.Day), ("model", GroupBy.Model), ("endpoint", GroupBy.Endpoint), ("key", GroupBy.Key), ("end_user", GroupBy.EndUser),
        ("team", GroupBy.Team), ("owner", GroupBy.Owner),
    ];

    /// <summary>Reads it; what isn't given is as by default: the 30 days until today, by day and model, as JSON.</summary>
    /// <exception cref="BillingException">400, naming the parameter and what is allowed there.</exception>
    public static ReportQuery Read(IQueryCollection query, DateTimeOffset now)
    {
        // A misspelt name would be a report about something else.
        if (query.Keys.FirstOrDefault(name => !Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw Wrong("unknown_parameter", $"There is no parameter of this name; there are {string.Join(", ", Names)}.", unknown);
        }

        var groupBy = ReadGroupBy(query);
        var zone = TimeZones.Read(query);
        var range = QueryDates.Report(query, TimeZones.Today(now, zone), zone?.Id ?? TimeZones.Utc);
        return new ReportQuery(range, groupBy, ReadFormat(query), new ReportPage(ReadLimit(query), ReadAfter(query, groupBy)), zone);
    }

    private static GroupBy ReadGroupBy(IQueryCollection query)
    {
        var names = query[GroupByName].SelectMany(value => value!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var groupBy = names.Length == 0 ? Default : GroupBy.None;
        foreach (var name in names)
        {
            var group = Groups.FirstOrDefault(g => g.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            groupBy |= group != GroupBy.None
                ? group
                : throw Wrong("invalid_parameter",
                    $"{GroupByName} takes one or more of {string.Join(", ", Groups.Select(g => g.Name))}, with commas between.", GroupByName);
        }

        return groupBy;
    }

    private static ReportFormat ReadFormat(IQueryCollection query)
    {
        switch (query[FormatName].ToString().ToUpperInvariant())
        {
            case "" or "JSON":
                return ReportFormat.Json;
            case "CSV":
                return ReportFormat.Csv;
            case "FOCUS":
                // Its lines have a form of their own.
                if (query.Keys.FirstOrDefault(name => NotOfFocus.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } other)
                {
                    throw Wrong("invalid_parameter", $"A FOCUS file is by UTC day, model and key, and whole: it takes {QueryDates.StartName} and "
                        + $"{QueryDates.EndName} alone.", other);
                }

                return ReportFormat.Focus;
            default:
                throw Wrong("invalid_parameter", $"{FormatName} is json, csv or focus.", FormatName);
        }
    }

    private static int? ReadLimit(IQueryCollection query) => query[LimitName].ToString() switch
    {
        "" => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostRows => limit,
        _ => throw Wrong("invalid_parameter", $"{LimitName} is a number of rows from 1 to {MostRows.ToString(CultureInfo.InvariantCulture)}.", LimitName),
    };

    private static ReportGroup? ReadAfter(IQueryCollection query, GroupBy groupBy) => query[AfterName].ToString() switch
    {
        "" => null,
        var text => ReportPage.Read(text, groupBy)
            ?? throw Wrong("invalid_parameter", $"{AfterName} is the 'next' of the page before, whose {GroupByName} was the same.", AfterName),
    };

    private static BillingException Wrong(string code, string message, string param) => new(StatusCodes.Status400BadRequest, code, message, param);
}
