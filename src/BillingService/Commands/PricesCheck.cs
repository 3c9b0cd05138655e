using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Commands;

/// <summary><c>prices check</c>: what is missing, inconsistent or uncertain in the prices.</summary>
internal static class PricesCheck
{
    public static int Run(string[] args, TextWriter output)
    {
        CommandRunner.Configure(args, out var settings);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var findings = settings.Prices.Book.Check(today);
        foreach (var finding in findings)
        {
            var since = finding.From is { } from ? $" since {DateRange.Text(from)}" : "";
            output.WriteLine($"{Name(finding.Severity)} {finding.Model}{since}: {finding.Message}");
        }

        var errors = findings.Count(f => f.Severity == PriceSeverity.Error);
        output.WriteLine($"{settings.Prices.Book.List(today).Count()} models have a price today{(settings.Prices.File is { } file ? $", with those of {file}" : "")}. "
            + $"{errors} errors, {findings.Count(f => f.Severity == PriceSeverity.Warning)} warnings, "
            + $"{findings.Count(f => f.Severity == PriceSeverity.Note)} notes.");
        return errors > 0 ? CommandRunner.Failure : CommandRunner.Success;
    }

    private static string Name(PriceSeverity severity) => severity switch
    {
        PriceSeverity.Error => "error  ",
        PriceSeverity.Warning => "warning",
        _ => "note   ",
    };
}
