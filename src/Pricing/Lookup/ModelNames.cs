using System.Text.RegularExpressions;

namespace OpenAIProxy.Pricing.Lookup;

/// <summary>How the names of models are related.</summary>
internal static partial class ModelNames
{
    private const string FineTuned = "ft:";
    private const string Vendor = "openai/";
    private const string Azure = "gpt-35-turbo";
    private const string AzureMeans = "gpt-3.5-turbo";

    public static bool IsFineTuned(string name) => name.StartsWith(FineTuned, StringComparison.OrdinalIgnoreCase);

    /// <summary><c>ft:gpt-4o-2024-08-06:org:suffix:id</c> → <c>ft:gpt-4o-2024-08-06</c>; what has no colon after its base stays itself.</summary>
    public static string FineTunedBase(string name)
    {
        var end = name.IndexOf(':', FineTuned.Length);
        return end < 0 ? name : name[..end];
    }

    /// <summary>OpenAI's name for what others call <c>openai/gpt-4o</c> or <c>gpt-35-turbo</c>; null if that is the name itself.</summary>
    public static string? Translated(string name)
    {
        var own = name.StartsWith(Vendor, StringComparison.OrdinalIgnoreCase) ? name[Vendor.Length..] : name;
        if (own.StartsWith(Azure, StringComparison.OrdinalIgnoreCase) && (own.Length == Azure.Length || own[Azure.Length] == '-'))
        {
            own = AzureMeans + own[Azure.Length..];
        }

        return own == name ? null : own;
    }

    /// <summary>The model of a snapshot: without <c>-2024-08-06</c>, or the older <c>-0613</c> and <c>-0125-preview</c>; null if it has no date.</summary>
    public static string? WithoutDate(string name) => Date.Match(name) is { Success: true, Index: > 0 } date ? name[..date.Index] : null;

    /// <summary>
    /// True if what follows a known name says which edition of that model it is, or how hard it thinks: dates, <c>latest</c>, efforts.
    /// Every other word may be another model at another price, as <c>mini</c> and <c>astra</c> are: that is never taken for the shorter name.
    /// <c>fast</c> isn't among them, for it costs more.
    /// </summary>
    public static bool IsEdition(string rest) => Edition.IsMatch(rest);

    [GeneratedRegex(@"-(\d{4}-\d{2}-\d{2}|\d{4}(-preview)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Date { get; }

    [GeneratedRegex(
        @"^(latest|none|minimal|low|medium|high|xhigh|\d{4}(-\d{2}(-\d{2})?)?|\d{6}|\d{8})(-(latest|none|minimal|low|medium|high|xhigh|\d{4}(-\d{2}(-\d{2})?)?|\d{6}|\d{8}))*$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Edition { get; }
}
