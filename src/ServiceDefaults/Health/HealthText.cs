using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OpenAIProxy.ServiceDefaults.Health;

/// <summary>
/// Writes a service's health in one line: <c>Healthy</c>, or what is wrong, such as <c>Degraded: The ledger takes no usage: its disk is
/// full</c>. Checks describe themselves without secrets and without names of hosts: anybody may read this.
/// </summary>
internal static class HealthText
{
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(Of(report));
    }

    private static string Of(HealthReport report)
    {
        string[] reasons = [.. report.Entries
            .Where(e => e.Value.Status != HealthStatus.Healthy)
            .Select(e => (e.Value.Description ?? e.Key).ReplaceLineEndings(" ").TrimEnd('.'))];
        return reasons.Length == 0 ? report.Status.ToString() : $"{report.Status}: {string.Join("; ", reasons)}";
    }
}
