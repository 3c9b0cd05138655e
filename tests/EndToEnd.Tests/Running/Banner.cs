using System.Text.RegularExpressions;

namespace OpenAIProxy.EndToEnd.Tests.Running;

/// <summary>What the AppHost shows once everything is ready.</summary>
/// <param name="Address">The gateway's address.</param>
/// <param name="Upstream">Where requests go.</param>
/// <param name="Keys">Whose keys are used for whom.</param>
/// <param name="Usage">The usage page, and how to sign in there.</param>
/// <param name="Dashboard">Aspire's dashboard with the token that signs in, or <c>off</c>.</param>
/// <param name="Cache">Where billing results are cached.</param>
/// <param name="Ledger">Where usage is kept.</param>
/// <param name="Telemetry">Where telemetry goes.</param>
/// <param name="Hint">What the shell must have for the lines to paste; empty if it needs nothing.</param>
/// <param name="Curl">The line to paste first.</param>
/// <param name="BillingCurl">The line that asks what that has cost; empty outside of demos.</param>
internal sealed partial record Banner(
    Uri Address, string Upstream, string Keys, string Usage, string Dashboard, string Cache, string Ledger, string Telemetry, string Hint, string Curl,
    string BillingCurl)
{
    /// <summary>The banner in an AppHost's output; null if it isn't there yet.</summary>
    public static Banner? Find(string output)
    {
        var banner = Whole().Match(output);
        return banner.Success
            ? new Banner(
                new Uri(Value("address")), Value("upstream"), Value("keys"), Value("usage"), Value("dashboard"), Value("cache"), Value("ledger"),
                Value("telemetry"), Value("hint"), Value("curl"), Value("billing"))
            : null;

        string Value(string name) => banner.Groups[name].Value;
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
        (?:What did it cost\?
          (?<billing>curl .*)
        )?Press Ctrl-C to stop\.$
        """,
        RegexOptions.Multiline)]
    private static partial Regex Whole();
}
