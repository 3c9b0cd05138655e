using System.Globalization;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>Writes the days' dollars side by side. Drift is the ledger's less OpenAI's, in per cent of OpenAI's.</summary>
internal static class ReconcileTable
{
    public static void Write(TextWriter output, DateRange range, UsageReport report, IReadOnlyDictionary<DateOnly, decimal> costs)
    {
        var ledger = report.Rows.ToDictionary(row => row.Day!.Value, row => row.Figures);
        output.WriteLine(Line("day (UTC)", "ledger $", "OpenAI $", "drift $", "drift %", ""));
        for (var day = range.Start; day < range.End; day = day.AddDays(1))
        {
            output.WriteLine(Line(DateRange.Text(day), ledger.GetValueOrDefault(day), costs.GetValueOrDefault(day)));
        }

        output.WriteLine(Line("total", report.Total, costs.Values.Sum()));
        if (report.Total.IsUnpriced)
        {
            output.WriteLine(report.Total.UnpricedRequests == 0 ? "* without a part that has no known price"
                : $"* without {report.Total.UnpricedRequests.ToString(CultureInfo.InvariantCulture)} requests that have no known price");
        }

        output.WriteLine("The ledger knows what went through the gateways, with callers' own keys, too; OpenAI's figures are all that the organization has used, and come in for hours after a day.");
    }

    private static string Line(string name, UsageFigures? figures, decimal theirs)
    {
        var mark = figures is { IsUnpriced: true } ? " *" : "";
        if (figures is { IsUnpriced: true, Dollars: null })
        {
            // What it cost is not known: that is no zero, and no drift.
            return Line(name, "-", Amount(theirs, "0.000000"), "-", "-", mark);
        }

        var ours = figures?.Dollars ?? 0m;
        var drift = ours - theirs;
        return Line(
            name,
            Amount(ours, "0.000000"),
            Amount(theirs, "0.000000"),
            Amount(drift, "+0.000000;-0.000000;0.000000"),
            theirs == 0m ? drift == 0m ? "0.00" : "-" : Amount(100m * drift / theirs, "+0.00;-0.00;0.00"),
            mark);
    }

    private static string Line(string name, string ours, string theirs, string drift, string percent, string mark)
        => $"{name,-10} {ours,16} {theirs,16} {drift,16} {percent,10}{mark}";

    private static string Amount(decimal amount, string format) => amount.ToString(format, CultureInfo.InvariantCulture);
}
