using System.Text.RegularExpressions;

namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>What the AppHost shows once everything is ready.</summary>
internal sealed partial record Banner(Uri Address, string Upstream, string Keys, string Usage, string Dashboard, string Cache, string Ledger, string Telemetry, string Hint, string Curl)
{
    /// <summary>The banner in an AppHost's output; null if it isn't there yet.</summary>
    public static Banner? Find(string output)
    {
        var banner = Whole().Match(output);
        return banner.Success
            ? new Banner(
                new Uri(banner.Groups["address"].Value), banner.Groups["upstream"].Value, banner.Groups["keys"].Value,
                banner.Groups["usage"].Value, banner.Groups["dashboard"].Value, banner.Groups["cache"].Value, banner.Groups["ledger"].Value, banner.Groups["telemetry"].Value,
                banner.Groups["hint"].Value, banner.Groups["curl"].Value)
            : null;
    }

    [GeneratedRegex(
        """
        ^OpenAIProxy is ready: (?<address>http\S+)
          upstream +(?<upstream>\S.*)
          keys +(?<keys>\S.*)
          usage +(?<usage>\S.*)
          dashboard +(?<dashboard>\S.*)
          cache +(?<cache>\S.*)
          ledger +(?<ledger>\S.*)
          telemetry +(?<telemetry>\S.*)
        Try it(?: \((?<hint>.*)\))?:
          (?<curl>curl .*)
        Press Ctrl-C to stop\.$
        """,
        RegexOptions.Multiline)]
    private static partial Regex Whole();
}
