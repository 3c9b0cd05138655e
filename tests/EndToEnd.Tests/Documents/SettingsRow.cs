using System.Text.RegularExpressions;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.EndToEnd.Tests.Running;
using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.EndToEnd.Tests.Documents;

/// <summary>
/// One row of a table of settings: <c>| `Access:Keys` ↻ | `FORWARD_KEY` | - | allowed | meaning |</c>. ↻: it changes without a restart.
/// </summary>
internal sealed partial record SettingsRow(string Name, IReadOnlyList<string> Aliases, string Default, string Allowed, string Meaning, bool Reloads)
{
    /// <summary>Every setting of every service, once.</summary>
    public static IReadOnlyList<Setting> Settings { get; } = [.. GatewaySettings.All.Concat(BillingSettings.All).DistinctBy(s => s.Name)];

    /// <summary>The rows of a document.</summary>
    public static IReadOnlyList<SettingsRow> Read(string file)
        => [.. from line in File.ReadLines(Tree.PathTo(file))
               let cells = line.Trim().Trim('|').Split('|').Select(c => c.Trim()).ToArray()
               where line.StartsWith('|') && cells.Length == 5 && NameCell().IsMatch(cells[0])
               select new SettingsRow(
                   cells[0].Trim('`', ' ', '↻'), [.. Code().Matches(cells[1]).Select(m => m.Groups[1].Value)],
                   cells[2].Replace("`", "", StringComparison.Ordinal), cells[3], cells[4], cells[0].EndsWith('↻'))];

    [GeneratedRegex("^`[A-Za-z]+(:[A-Za-z0-9]+)+`( ↻)?$")]
    private static partial Regex NameCell();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
