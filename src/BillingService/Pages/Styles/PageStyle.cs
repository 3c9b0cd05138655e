using System.Security.Cryptography;
using System.Text;

namespace OpenAIProxy.BillingService.Pages.Styles;

/// <summary>The pages' style. It stands in each page, so that a page is one answer; its hash is what the Content-Security-Policy lets in.</summary>
internal static class PageStyle
{
    private static readonly string Css = Read();

    /// <summary>The style as it stands in a page.</summary>
    public static string Element { get; } = $"<style>{Css}</style>";

    /// <summary>The source that the policy allows.</summary>
    public static string Source { get; } = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'";

    private static string Read()
    {
        using var stream = typeof(PageStyle).Assembly.GetManifestResourceStream("usage.css")!;
        using var reader = new StreamReader(stream);
        // The browser hashes what it has parsed, and that has no carriage returns.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
