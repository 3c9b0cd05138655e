using System.Globalization;
using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.BillingService.Ledger.Live;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>
/// <c>/usage/live</c>: the calls of the last minutes, as they ended.
/// The page loads itself again, without a script, unless it is told not to.
/// </summary>
internal sealed class LivePages(PageWriter writer, RecentCalls recent, UsageLedger ledger, PricesInForce prices, Visitors visitors, TimeProvider time)
{
    private const int MostCalls = 100;
    private const string Seconds = "5";

    public async Task ShowAsync(HttpContext context)
    {
        var frame = Frames.Of(context.Request);
        if (await visitors.FindAsync(context) is not { } viewer)
        {
            await writer.WriteSignInAsync(context, frame, StatusCodes.Status200OK, null);
            return;
        }

        var isPaused = context.Request.Query[LiveView.PauseName].Count > 0;
        if (!isPaused)
        {
            // Not in the page, where assistive technology takes it for a trap: https://html.spec.whatwg.org/#the-refresh-header
            // Before anything may fail: a screen that nobody looks after goes on by itself.
            context.Response.Headers["Refresh"] = Seconds;
        }

        await writer.WriteLiveAsync(context, await ViewAsync(frame, context.Request, viewer, isPaused));
    }

    private async Task<LiveView> ViewAsync(Frame frame, HttpRequest request, Caller viewer, bool isPaused)
    {
        var words = frame.Words;
        // Only the key is chosen here.
        var filter = Viewers.Filter(request, viewer) with { Model = null };
        var (zone, _) = Preferences.Zone(request);
        var key = UsageAccess.KeyFor(viewer, filter.Key);
        var calls = recent.Latest(of => key is null ? viewer.Owned?.Contains(of) != false : of == key, MostCalls);
        string[] shown = key is null ? [.. calls.Select(call => call.Rows[0].What.Key).Distinct()] : [key];
        var names = new KeyNames(await ledger.LabelsAsync(shown, request.HttpContext.RequestAborted), words);
        var lead = (isPaused ? words.LivePaused : words.LiveLead)
            .Replace("{0}", RecentCalls.Age.TotalMinutes.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{1}", TimeText(time.GetUtcNow(), zone), StringComparison.Ordinal).Replace("{2}", Seconds, StringComparison.Ordinal)
            .Replace("{3}", MostCalls.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return new LiveView(
            frame, Viewers.Of(viewer, filter, names, words), filter, lead, calls.Count == 0 ? null : Table(calls, frame, viewer, names, zone), isPaused);
    }

    private TableView Table(IReadOnlyList<RecentCall> calls, Frame frame, Caller viewer, KeyNames names, TimeZoneInfo zone)
    {
        var words = frame.Words;
        var book = prices.Book();
        var rows = calls.Select(call => new Row(TimeText(DateTimeOffset.FromUnixTimeMilliseconds(call.Ended), zone), Cells(call))).ToArray();
        string[] columns =
        [
            words.Time, words.Cost, words.Model, .. viewer.Key is null ? (string[])[words.Key] : [], words.Status, words.Tokens, words.Duration,
        ];
        return new TableView("live-table", words.Live, columns, rows) { Footnote = Costs.Footnote(rows, words) };

        Cell[] Cells(RecentCall call)
        {
            var sum = new FiguresSum();
            foreach (var row in call.Rows)
            {
                sum.Add(row, book.Price(row.What, row.Counts));
            }

            var (figures, what) = (sum.ToFigures(), call.Rows[0].What);
            return
            [
                Costs.Cell(figures, words),
                new(CostCharts.NameOfModel(what.Model, words)) { IsText = true },
                .. viewer.Key is null ? (Cell[])[new(names.Of(what.Key)) { IsText = true, Title = what.Key }] : [],
                Status(call, words),
                Counts.Cell(figures.Tokens),
                Counts.Time(call.Duration),
            ];
        }
    }

    private static Cell Status(RecentCall call, Texts.Words words)
    {
        var counts = call.Rows[0].Counts;
        var text = call.Status == 0 ? "–" : call.Status.ToString(CultureInfo.InvariantCulture);
        if (counts.Errors > 0)
        {
            return new Cell(text) { IsText = true, Note = words.CallFailed };
        }

        return new Cell(text) { IsText = true, Note = counts.Cut > 0 ? words.CutOff : null };
    }

    private static string TimeText(DateTimeOffset moment, TimeZoneInfo zone)
        => TimeZoneInfo.ConvertTime(moment, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
