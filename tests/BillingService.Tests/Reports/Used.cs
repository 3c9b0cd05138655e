using OpenAIProxy.BillingService.Tests.Ledger;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.BillingService.Tests.Reports;

/// <summary>Usage whose cost is easy to see: a million tokens of gpt-4o cost 2.50 dollars in and 10 dollars out.</summary>
internal static class Used
{
    public const string Unpriced = "somebody-elses-model";

    /// <summary>Usage of <see cref="Keys.Secret"/>, unless another key's id is given.</summary>
    public static UsageRow Tokens(
        string day, long input, long output = 0, string model = "gpt-4o", string? key = null, string endpoint = "chat", bool estimated = false,
        long requests = 1, long errors = 0, string? endUser = null)
        => Row(day, model, UsageUnit.Tokens, new UsageCounts { Requests = requests, Errors = errors, Input = input, Output = output }, key, endpoint,
            estimated, endUser);

    public static UsageRow Of(string unit, long quantity, string day, string model = "gpt-4o", string endpoint = "chat")
        => Row(day, model, unit, new UsageCounts { Requests = 1, Quantity = quantity }, null, endpoint, false);

    private static UsageRow Row(string day, string model, string unit, UsageCounts counts, string? key, string endpoint, bool estimated,
        string? endUser = null)
        => new(
            new UsageDimensions(
                Rows.Day(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)) + 9, key ?? KeyId.Of(Keys.Secret).Value, model, "",
                endpoint, ServiceTier.Default, "", 0, unit, estimated)
            { EndUser = endUser },
            counts);
}
