using OpenAIProxy.BillingService.Commands;

namespace OpenAIProxy.Standalone.Checks;

/// <summary>Writes what was found.</summary>
internal static class CheckReport
{
    /// <summary>For people: a line each, and how many of each kind.</summary>
    public static void Write(TextWriter output, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            output.WriteLine($"{Name(finding.Mark),-7} {finding.Topic}: {finding.Message}");
        }

        output.WriteLine($"{Counted(findings, CheckMark.Error)}, {Counted(findings, CheckMark.Warning)}.");
    }

    /// <summary>For programs.</summary>
    public static void WriteJson(TextWriter output, IReadOnlyList<Finding> findings) => CommandJson.Write(output, json =>
    {
        json.WriteString("object", "check");
        json.WriteNumber("errors", Count(findings, CheckMark.Error));
        json.WriteNumber("warnings", Count(findings, CheckMark.Warning));
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("mark", Name(finding.Mark));
            json.WriteString("topic", finding.Topic);
            json.WriteString("message", finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Counted(IReadOnlyList<Finding> findings, CheckMark mark)
        => $"{Count(findings, mark)} {Name(mark)}{(Count(findings, mark) == 1 ? "" : "s")}";

    private static int Count(IReadOnlyList<Finding> findings, CheckMark mark) => findings.Count(finding => finding.Mark == mark);

    private static string Name(CheckMark mark) => mark switch
    {
        CheckMark.Ok => "ok",
        CheckMark.Warning => "warning",
        _ => "error",
    };
}
