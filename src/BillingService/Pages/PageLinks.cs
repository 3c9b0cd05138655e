using OpenAIProxy.BillingService.Pages.Charts;
using OpenAIProxy.BillingService.Pages.Views;

namespace OpenAIProxy.BillingService.Pages;

/// <summary>Links from the page to itself with another day, model or key; the rest of what was chosen stays.</summary>
internal sealed record PageLinks(Frame Frame, RangeView Range, UsageFilter Filter)
{
    public string ToDay(DateOnly day) => Frame.Link("", [("from", Numbers.Day(day)), ("to", Numbers.Day(day)), .. Filter.Query]);

    /// <summary>Null for usage without a model, of which there is no page.</summary>
    public string? ToModel(string model) => model.Length == 0 ? null : Frame.Link("", [.. Range.Query, .. (Filter with { Model = model }).Query]);

    public string ToKey(string key) => Frame.Link("", [.. Range.Query, .. (Filter with { Key = key }).Query]);
}
