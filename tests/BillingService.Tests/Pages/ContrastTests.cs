using System.Globalization;
using System.Text.RegularExpressions;
using OpenAIProxy.BillingService.Pages.Styles;

namespace OpenAIProxy.BillingService.Tests.Pages;

/// <summary>The contrast of the page's colours as WCAG 2 measures it: 4.5 for text, 3 for what is drawn.</summary>
public sealed partial class ContrastTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Colours_InEachTheme_CanBeToldApart(int theme)
    {
        var colours = Colour().Matches(Root().Matches(PageStyle.Element)[theme].Value).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

        foreach (var (text, ground) in ((string, string)[])
        [
            ("text", "bg"), ("text", "paper"), ("text", "soft"), ("muted", "bg"), ("muted", "paper"), ("accent", "paper"), ("accent", "bg"),
            ("accent", "soft"), ("on-accent", "accent"), ("bad", "paper"), ("warn", "paper"), ("note", "paper"),
        ])
        {
            Assert.True(Contrast(colours[text], colours[ground]) >= 4.5, $"{text} on {ground}");
        }

        foreach (var drawn in Enumerable.Range(0, 9).Select(i => $"c{i}").Append("field"))
        {
            Assert.True(Contrast(colours[drawn], colours["paper"]) >= 3, drawn);
        }
    }

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        var digits = colour.Length == 3 ? string.Concat(colour.Select(c => new string(c, 2))) : colour;
        var parts = Enumerable.Range(0, 3).Select(i => int.Parse(digits.AsSpan(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255d)
            .Select(c => c <= 0.03928 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    [GeneratedRegex(@":root\{[^}]+\}")]
    private static partial Regex Root();

    [GeneratedRegex("--([a-z0-9-]+):#([0-9a-f]{3}(?:[0-9a-f]{3})?)\\b")]
    private static partial Regex Colour();
}
