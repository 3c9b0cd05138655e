using System.Text.Json;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.Pricing;

namespace OpenAIProxy.BillingService.Commands;

/// <summary><c>prices check</c>: what is missing, inconsistent or uncertain in the prices.</summary>
internal static class PricesCheck
{
    public static int Run(string[] args, bool isJson, TextWriter output)
    {
        CommandRunner.Configure(args, out var settings);
        var prices = settings.Prices;
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var findings = prices.Book.Check(today);
        var models = prices.Book.List(today).Count();
        if (isJson)
        {
            CommandJson.Write(output, json => Write(json, models, prices.File, findings));
        }
        else
        {
            Write(output, models, prices.File, findings);
        }

        return findings.Any(f => f.Severity == PriceSeverity.Error) ? CommandRunner.Failure : CommandRunner.Success;
    }

    private static void Write(TextWriter output, int models, string? file, IReadOnlyList<PriceFinding> findings)
    {
        foreach (var finding in findings)
        {
            var since = finding.From is { } from ? $" since {DateRange.Text(from)}" : "";
            output.WriteLine($"{Name(finding.Severity),-7} {finding.Model}{since}: {finding.Message}");
        }

        output.WriteLine($"{models} models have a price today{(file is null ? "" : $", with those of {file}")}. "
            + $"{Count(findings, PriceSeverity.Error)} errors, {Count(findings, PriceSeverity.Warning)} warnings, "
            + $"{Count(findings, PriceSeverity.Note)} notes.");
    }

    private static void Write(Utf8JsonWriter json, int models, string? file, IReadOnlyList<PriceFinding> findings)
    {
        json.WriteString("object", "price_check");
        json.WriteNumber("models", models);
        json.WriteString("file", file);
        json.WriteNumber("errors", Count(findings, PriceSeverity.Error));
        json.WriteNumber("warnings", Count(findings, PriceSeverity.Warning));
        json.WriteNumber("notes", Count(findings, PriceSeverity.Note));
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("severity", Name(finding.Severity));
            json.WriteString("model", finding.Model);
            json.WriteString("from", finding.From is { } from ? DateRange.Text(from) : null);
            json.WriteString("message", finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static int Count(IReadOnlyList<PriceFinding> findings, PriceSeverity severity) => findings.Count(f => f.Severity == severity);

    private static string Name(PriceSeverity severity) => severity switch
    {
        PriceSeverity.Error => "error",
        PriceSeverity.Warning => "warning",
        _ => "note",
    };
}
