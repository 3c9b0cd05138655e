using System.Globalization;
using System.Text;
using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.BillingService.Reports;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Writes a report as a CSV file (RFC 4180).</summary>
internal static class UsageFile
{
    public static Task WriteAsync(HttpContext context, UsageReport report, RangeView range, bool withKeys)
    {
        var text = new StringBuilder("day,model,endpoint,").Append(withKeys ? "key," : "").Append(
            "requests,errors,cut,input_tokens,cached_input_tokens,output_tokens,reasoning_tokens,cost_usd,unpriced_requests,estimated_requests\r\n");
        foreach (var row in report.Rows)
        {
            var figures = row.Figures;
            text.Append(Numbers.Day(row.Day!.Value)).Append(',').Append(Quote(row.Model!)).Append(',').Append(Quote(row.Endpoint!)).Append(',');
            text.Append(withKeys ? row.Key + ',' : "").Append(CultureInfo.InvariantCulture,
                $"{figures.Requests},{figures.Errors},{figures.Cut},{figures.Input},{figures.CachedInput},{figures.Output},{figures.ReasoningOutput},");
            text.Append(figures.Dollars is { } dollars ? Numbers.Exact(dollars) : "");
            text.Append(CultureInfo.InvariantCulture, $",{figures.UnpricedRequests},{figures.EstimatedRequests}\r\n");
        }

        var body = Encoding.UTF8.GetBytes(text.ToString());
        var response = context.Response;
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"usage-{Numbers.Day(range.From)}-{Numbers.Day(range.To)}.csv\"";
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    // Names come from outside; a spreadsheet must not take one for a formula.
    private static string Quote(string name)
    {
        var safe = name is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" + name : name;
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
