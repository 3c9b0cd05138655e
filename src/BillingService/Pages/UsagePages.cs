using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.BillingService.Focus;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Answers what is asked under <c>/usage</c>.</summary>
internal sealed class UsagePages(
    PageWriter writer, UsagePageBuilder builder, UsageReports reports, FocusAnswers focus, SignInCookie cookie, Visitors visitors, WrongKeys wrong,
    UsageAccess access, TimeProvider time)
{
    /// <summary>The usage, or the form to sign in.</summary>
    public async Task ShowAsync(HttpContext context)
    {
        var frame = Frames.Of(context.Request);
        if (await visitors.FindAsync(context) is not { } viewer)
        {
            await writer.WriteSignInAsync(context, frame, StatusCodes.Status200OK, null);
            return;
        }

        var range = Ranges.Read(context.Request, time.GetUtcNow(), frame.Words);
        var view = await builder.BuildAsync(frame, range, viewer, Viewers.Filter(context.Request, viewer), context.RequestAborted);
        await writer.WriteUsageAsync(context, view);
    }

    /// <summary>The same figures as a file: a row for each day, model, endpoint and, for an admin or an owner, key.</summary>
    public Task ExportAsync(HttpContext context) => ExportAsync(context, (viewer, range) =>
    {
        var by = GroupBy.Day | GroupBy.Model | GroupBy.Endpoint | (viewer.Key is null ? GroupBy.Key : GroupBy.None);
        var rows = reports.RowsAsync(
            UsagePageBuilder.Scope(range, viewer, Viewers.Filter(context.Request, viewer)), by, new FiguresSum(), timed: true, context.RequestAborted);
        context.Response.ContentType = ReportCsv.ContentType;
        context.Response.Headers.ContentDisposition = ReportCsv.Disposition(range.From, range.To);
        var isMarked = ReportCsv.IsForSheet(context.Request);
        return StreamedBody.WriteAsync(context, body => ReportCsv.WriteAsync(body, rows, by, new ReportPage(null, null), isMarked));
    });

    /// <summary>The same usage as FOCUS, by UTC days of the same dates.</summary>
    public Task ExportFocusAsync(HttpContext context) => ExportAsync(context, (viewer, range) => focus.WriteAsync(
        context, UsagePageBuilder.Scope(range, viewer, Viewers.Filter(context.Request, viewer)), new DateRange(range.From, range.To.AddDays(1))));

    private async Task ExportAsync(HttpContext context, Func<Caller, RangeView, Task> write)
    {
        var frame = Frames.Of(context.Request);
        if (await visitors.FindAsync(context) is not { } viewer)
        {
            Redirect(context, frame.Link(""));
            return;
        }

        var range = Ranges.Read(context.Request, time.GetUtcNow(), frame.Words);
        if (range.Wrong is not null || range.WrongZone is not null)
        {
            await writer.WriteMessageAsync(context, frame, StatusCodes.Status400BadRequest, frame.Words.RefusedTitle, frame.Words.BadRequest);
            return;
        }

        await write(viewer, range);
    }

    public async Task SignInAsync(HttpContext context)
    {
        var frame = Frames.Of(context.Request);
        if (FormOrigin.IsForeign(context.Request))
        {
            await writer.WriteMessageAsync(context, frame, StatusCodes.Status403Forbidden, frame.Words.RefusedTitle, frame.Words.ForeignForm);
        }
        else if (!context.Request.HasFormContentType)
        {
            await writer.WriteMessageAsync(context, frame, StatusCodes.Status415UnsupportedMediaType, frame.Words.RefusedTitle, frame.Words.BadRequest);
        }
        else
        {
            await TryKeyAsync(context, frame);
        }
    }

    public async Task SignOutAsync(HttpContext context)
    {
        var frame = Frames.Of(context.Request);
        if (FormOrigin.IsForeign(context.Request))
        {
            await writer.WriteMessageAsync(context, frame, StatusCodes.Status403Forbidden, frame.Words.RefusedTitle, frame.Words.ForeignForm);
            return;
        }

        SignInCookie.Delete(context);
        Redirect(context, frame.Link(""));
    }

    public Task NotFoundAsync(HttpContext context)
    {
        var frame = Frames.Of(context.Request);
        return writer.WriteMessageAsync(context, frame, StatusCodes.Status404NotFound, frame.Words.NotFoundTitle, frame.Words.NotFound);
    }

    private async Task TryKeyAsync(HttpContext context, Frame frame)
    {
        // A client that leaves ends the read by itself; a read given up would leave the connection in a state that nobody expects.
        var form = await context.Request.ReadFormAsync(CancellationToken.None);
        if (await access.SignInAsync(context.Request.Headers, form["key"].ToString().Trim(), context.RequestAborted) is { } viewer)
        {
            cookie.Write(context, viewer);
            Redirect(context, frame.Link(""));
        }
        else if (!wrong.TryCount(access.ClientOf(context.Request.Headers)))
        {
            await writer.WriteSignInAsync(context, frame, StatusCodes.Status429TooManyRequests, frame.Words.TooManyTries);
        }
        else
        {
            await writer.WriteSignInAsync(context, frame, StatusCodes.Status422UnprocessableEntity,
                UsageAccess.RefusesCallerKeys(context.Request.Headers) ? frame.Words.OnlyAdmin : frame.Words.UnknownKey);
        }
    }

    private static void Redirect(HttpContext context, string target)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = target;
        context.Response.ContentLength = 0;
    }
}
